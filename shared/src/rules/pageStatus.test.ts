import { expect, it } from 'vitest'
import { predictedStatus } from '../status/predictStatus.js'
import { analyse, findingsOf, withoutArrows } from '../testing/index.js'
import { docsOf } from './docsOf.js'
import { ALL_RULES } from './registry.js'

interface Claim {
  readonly rule: string
  readonly type: string
  readonly status: string
  /** One of them, if the sentence names any. */
  readonly reasons: readonly string[]
}

const REASONS = [
  'Accepted',
  'UnsupportedValue',
  'AncestorNotBound',
  'TargetNotFound',
  'Invalid',
  'PartiallyInvalid',
]
/** What the page of a rule says about the status of the policy that the rule is about. */
function claimsOf(rule: string, why: string): Claim[] {
  return why.split(/(?<=\.)\s+/).flatMap((sentence) =>
    [...sentence.matchAll(/`(ZtunnelAccepted|WaypointAccepted): (True|False)`/g)].map(
      ([, type = '', status = '']) => ({
        rule,
        type,
        status,
        reasons: REASONS.filter((reason) => sentence.includes(`\`${reason}\``)),
      }),
    ),
  )
}

const CLAIMS = ALL_RULES.flatMap((rule) => claimsOf(rule.name, docsOf(rule).why))

it('pages say what the status of a policy is', () => {
  expect(new Set(CLAIMS.map(({ type, status }) => `${type} ${status}`)).size).toBe(4)
  expect(
    claimsOf('r', 'The status is `WaypointAccepted: False` with reason `Invalid`. It is.'),
  ).toEqual([{ rule: 'r', type: 'WaypointAccepted', status: 'False', reasons: ['Invalid'] }])
})

it.each(CLAIMS)('the page of $rule agrees that $type is $status', ({ rule, ...claim }) => {
  const found = ALL_RULES.find(({ name }) => name === rule)
  if (!found) throw new Error(rule)
  const bad = withoutArrows(docsOf(found).bad)
  const policies = findingsOf(analyse(bad)).flatMap(({ rule: name, place }) =>
    name === rule && place.kind === 'field' && place.resource.type === 'AuthorizationPolicy'
      ? [place.resource.name]
      : [],
  )
  const conditions = analyse(bad, { world: 'closed' })
    .mesh.get(predictedStatus, '')
    .filter(({ type, resource }) => type === claim.type && policies.includes(resource.name))
  expect([...new Set(conditions.map(({ status }) => status))]).toEqual([claim.status])
  if (claim.reasons.length > 0)
    for (const { reason } of conditions) expect(claim.reasons).toContain(reason)
})
