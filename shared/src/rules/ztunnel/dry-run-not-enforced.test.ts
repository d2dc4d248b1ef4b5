import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { dryRunNotEnforced } from './dry-run-not-enforced.js'
import { dryRunNotEnforcedPage } from './dry-run-not-enforced.page.js'

const { name } = dryRunNotEnforced
const { good } = dryRunNotEnforcedPage
const bad = withoutArrows(dryRunNotEnforcedPage.bad)
const rules = [name]
const MESSAGE =
  'This dry-run policy is neither enforced nor logged: istiod does not send it to ztunnel.'
const withValue = (value: string): string => replaceIn(bad, ['"true"', value])

it('marks the annotation of a policy that istiod does not send to ztunnel', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      'dry-run: "true"\n',
      `dry-run: "true"
#                     ^^^^^^ dry-run-not-enforced: ${MESSAGE}
`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('a value that is not a boolean', () => {
  it('a value that is not a boolean is an error, beside the one about the API server', () => {
    const found = findingsOf(analyse(withValue('"yes"'))).filter(
      (finding) => finding.rule !== 'invalid-resource',
    )
    expect(found).toMatchObject([
      {
        rule: name,
        level: 'error',
        message:
          'The API server rejects this policy: dry-run "yes" is not a boolean. Without validation it is enforced.',
      },
    ])
  })

  it('a value that is not a boolean is reported for a policy of a waypoint too', () => {
    expect(
      compareMarked(
        replaceIn(withValue('"yes"'), [
          /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
          'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
        ]),
        { rules },
      ).found.length,
    ).toBe(1)
  })

  it('a value that is not a boolean has two fixes, none of them safe', () => {
    expectFixed(withValue('"yes"'), { rule: name, title: 'Remove the dry-run annotation' }, good)
    const offered = findingsOf(analyse(withValue('"yes"')))
      .filter((finding) => finding.rule === name)
      .flatMap(({ fixes }) => fixes.map(({ title, safe }) => [title, safe]))
    expect(offered).toEqual([
      ['Change to "true"', false],
      ['Remove the dry-run annotation', false],
    ])
    expectFixed(
      { 'a.yaml': withValue('"yes"') },
      {
        rule: name,
        title: 'Change to "true"',
        settings: { flags: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true } },
      },
      { 'a.yaml': bad },
    )
  })
})

it.each([
  ['the value is false', withValue('"false"'), {}],
  ['the flag is on', bad, { flags: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true } }],
  [
    'the policy is for a waypoint',
    replaceIn(bad, [
      /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ]),
    {},
  ],
  ['another tool fills in the value', withValue('"${DRY}"'), {}],
  [
    'the policy covers no captured workload',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
    {},
  ],
  [
    'the policy is for a gateway',
    replaceIn(bad, [/app: api\n {2}action/, 'istio: ingressgateway\n  action']),
    {},
  ],
])('reports nothing if %s', (_, text, settings) => {
  const analysis = analyse(text, { settings })
  expect(findingsOf(analysis).filter(({ rule }) => rule === name)).toEqual([])
})

it('reports a dry-run policy if the release does not know the flag', () => {
  const settings = {
    flags: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true },
    istioVersion: '1.28',
  }
  expect(findingsOf(analyse(bad, { settings })).map(({ rule }) => rule)).toEqual([name])
})

it('is a warning with an assumption if ambient mode is assumed', () => {
  const alone = replaceIn(bad.slice(bad.indexOf('apiVersion: security')), [
    '  namespace: shop\n',
    '',
  ])
  expect(findingsOf(analyse(alone))).toMatchObject([
    { level: 'warning', assumptions: ['the namespace it is applied to is ambient'] },
  ])
})

it('offers a fix that removes the annotation', () => {
  expectFixed(bad, { rule: name, title: 'Remove the dry-run annotation' }, good)
})
