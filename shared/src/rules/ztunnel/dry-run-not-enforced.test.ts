import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { dryRunNotEnforced } from './dry-run-not-enforced.js'
import { dryRunNotEnforcedPage } from './dry-run-not-enforced.page.js'

const { name } = dryRunNotEnforced
const { bad, good } = dryRunNotEnforcedPage
const rules = [name]
const withValue = (value: string): string => bad.replace('"true"', value)

it('marks the annotation of a policy that is not sent', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      'dry-run: "true"\n',
      'dry-run: "true"\n#                     ^^^^^^ dry-run-not-enforced: istiod does not send this dry-run policy to ztunnel: nothing is enforced, and nothing is logged either.\n',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('a value that is no boolean', () => {
  it('is an error, beside the refusal of the API server', () => {
    const found = findingsOf(analyse(withValue('"yes"'))).filter(
      (finding) => finding.rule !== 'invalid-resource',
    )
    expect(found).toMatchObject([
      {
        rule: name,
        level: 'error',
        message:
          'The dry-run value "yes" is no boolean: the API server refuses it, and where it is let in, the policy is enforced.',
      },
    ])
  })

  it('is wrong for a policy of a waypoint too', () => {
    expect(
      compareMarked(
        withValue('"yes"').replace(
          /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
          'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
        ),
        { rules },
      ).found.length,
    ).toBe(1)
  })

  it('is corrected or removed, never unasked', () => {
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
    'a waypoint tries it out',
    bad.replace(
      /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ),
    {},
  ],
  ['another tool fills the value in', withValue('"${DRY}"'), {}],
  [
    'the policy covers no captured workload',
    bad.replace('dataplane-mode: ambient', 'dataplane-mode: none'),
    {},
  ],
  [
    'the policy is for a gateway',
    bad.replace(/app: api\n {2}action/, 'istio: ingressgateway\n  action'),
    {},
  ],
])('is silent where %s', (_, text, settings) => {
  const analysis = analyse(text, { settings })
  expect(findingsOf(analysis).filter(({ rule }) => rule === name)).toEqual([])
})

it('speaks where the flag is on in a release that does not know it', () => {
  const settings = {
    flags: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true },
    istioVersion: '1.28',
  }
  expect(findingsOf(analyse(bad, { settings })).map(({ rule }) => rule)).toEqual([name])
})

it('is a warning with its assumption where the enrolment is assumed', () => {
  const alone = bad.slice(bad.indexOf('apiVersion: security')).replace('  namespace: shop\n', '')
  expect(findingsOf(analyse(alone))).toMatchObject([
    { level: 'warning', assumptions: ['the namespace it is applied to is ambient'] },
  ])
})

it('is fixed by removing the annotation', () => {
  expectFixed(bad, { rule: name, title: 'Remove the dry-run annotation' }, good)
})
