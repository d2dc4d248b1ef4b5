import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
} from '../../testing/index.js'
import { inboundCaptureBypassed } from './inbound-capture-bypassed.js'
import { inboundCaptureBypassedPage } from './inbound-capture-bypassed.page.js'
import { MESH_STRICT } from '../support/examples.js'

const { name } = inboundCaptureBypassed
const { bad } = inboundCaptureBypassedPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*inbound-capture-bypassed: /, ''))
const policy = (
  policyName: string,
  spec = 'action: DENY, rules: [{from: [{source: {notPrincipals: ["*"]}}]}]',
): string =>
  `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${policyName}, namespace: shop}\nspec: {${spec}}\n`
const WITHOUT_MODE = bad.slice(MESH_STRICT.length)

it('marks the annotation', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      'capture: "true"\n',
      'capture: "true"\n#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ inbound-capture-bypassed: Plaintext to "api" goes past ztunnel: the mode STRICT is not enforced for it.\n',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('what is not enforced', () => {
  it('is named, or counted', () => {
    expect(said(WITHOUT_MODE + policy('a'))).toEqual([
      'Plaintext to "api" goes past ztunnel: policy "a" is not enforced for it.',
    ])
    expect(said(bad + policy('a'))).toEqual([
      'Plaintext to "api" goes past ztunnel: none of its 2 policies is enforced for it.',
    ])
  })
})

it.each([
  ['no policy speaks of the workload', WITHOUT_MODE],
  [
    'the only policy is a dry run',
    WITHOUT_MODE +
      policy('a').replace(
        'namespace: shop}',
        'namespace: shop, annotations: {istio.io/dry-run: "true"}}',
      ),
  ],
  [
    'the only policy is for a waypoint',
    WITHOUT_MODE +
      policy('a', 'targetRefs: [{kind: Service, group: "", name: api}], action: DENY, rules: [{}]'),
  ],
  ['the value is false', bad.replace('capture: "true"', 'capture: "false"')],
  [
    'the value is no boolean, which the CNI ignores',
    bad.replace('capture: "true"', 'capture: "yes"'),
  ],
  ['the workload is not captured', bad.replace('dataplane-mode: ambient', 'dataplane-mode: none')],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('is fixed by removing the annotation, if somebody asks for it', () => {
  expectFixed(
    bad,
    { rule: name, title: 'Remove the annotation' },
    bad.replace(/ {6}annotations:\n.*\n/, ''),
  )
  expect(findingsOf(analyse(bad))[0]?.fixes.map(({ safe }) => safe)).toEqual([false])
})
