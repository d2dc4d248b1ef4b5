import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { inboundCaptureBypassed } from './inbound-capture-bypassed.js'
import { inboundCaptureBypassedPage } from './inbound-capture-bypassed.page.js'
import { MESH_STRICT } from '../support/examples.js'

const { name } = inboundCaptureBypassed
const bad = withoutArrows(inboundCaptureBypassedPage.bad)
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*inbound-capture-bypassed: /, ''))
const policy = (
  policyName: string,
  spec = 'action: DENY, rules: [{from: [{source: {notPrincipals: ["*"]}}]}]',
): string =>
  '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n' +
  `metadata: {name: ${policyName}, namespace: shop}\nspec: {${spec}}\n`
const WITHOUT_MODE = bad.slice(MESH_STRICT.length)

it('marks the annotation', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      'capture: "true"\n',
      'capture: "true"\n' +
        '#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ inbound-capture-bypassed: The mode STRICT is not enforced for plaintext to "api": this annotation bypasses ztunnel.\n',
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('the policies', () => {
  it('are named or counted', () => {
    expect(said(WITHOUT_MODE + policy('a'))).toEqual([
      'Policy "a" is not enforced for plaintext to "api": this annotation bypasses ztunnel.',
    ])
    expect(said(bad + policy('a'))).toEqual([
      '2 policies are not enforced for plaintext to "api": this annotation bypasses ztunnel.',
    ])
  })
})

it.each([
  ['no policy applies to the workload', WITHOUT_MODE],
  [
    'the only policy is a dry run',
    WITHOUT_MODE +
      replaceIn(policy('a'), [
        'namespace: shop}',
        'namespace: shop, annotations: {istio.io/dry-run: "true"}}',
      ]),
  ],
  [
    'the only policy is for a waypoint',
    WITHOUT_MODE +
      policy('a', 'targetRefs: [{kind: Service, group: "", name: api}], action: DENY, rules: [{}]'),
  ],
  ['the value is false', replaceIn(bad, ['capture: "true"', 'capture: "false"'])],
  [
    'the value is not a boolean, which the CNI ignores',
    replaceIn(bad, ['capture: "true"', 'capture: "yes"']),
  ],
  [
    'the workload is not captured',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
  ],
])('reports nothing where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('offers to remove the annotation', () => {
  expectFixed(
    bad,
    { rule: name, title: 'Remove the annotation' },
    replaceIn(bad, [/ {6}annotations:\n.*\n/, '']),
  )
  expect(findingsOf(analyse(bad))[0]?.fixes.map(({ safe }) => safe)).toEqual([false])
})
