import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { resolveTarget, serviceOf } from '../../waypoint/attachment.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { EnforcementTarget } from '../explanation.js'
import { shownName } from '../support/notes.js'
import { connectionFacts } from '../support/serviceEntryFacts.js'
import { rulesAtWaypoint } from './rulesAtWaypoint.js'
import { seenTargets, type PolicyTarget } from './target.js'
import { nameTargets } from './targetNames.js'

const NOT_CHECKED =
  'this policy does not check traffic that bypasses the waypoint (pod addresses, sidecars, clients outside the mesh)'

/** Which connections to the ServiceEntries of a policy do not reach it. */
function exceptions(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  enforced: readonly EnforcementTarget[],
): string[] {
  return policy.targetRefs
    .flatMap((ref) => serviceOf(resolveTarget(mesh, policy, ref)) ?? [])
    .filter((service) => service.type === 'ServiceEntry')
    .filter((entry) =>
      enforced.some(({ kind, name }) => kind === entry.type && name === shownName(entry)),
    )
    .flatMap((entry) =>
      connectionFacts(mesh, entry, true).map(
        (fact) => `for ServiceEntry ${shownName(entry)}: ${fact}`,
      ),
    )
}

/** The effect of a policy with targetRefs, in sentences without their full stop. */
export function effectAtWaypoint(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  targets: readonly PolicyTarget[],
): string[] {
  const seen = seenTargets(targets)
  if (seen.length === 0) return ['the workspace has no waypoint that could enforce it']
  const enforced = seen.filter(({ enforcedBy }) => enforcedBy !== 'nobody')
  const isUnsure = seen.every(({ enforcedBy }) => enforcedBy === 'unknown')
  const unsure = isUnsure ? ['it is not known whether it is enforced; if it is:'] : []
  const notEnforced = seen
    .filter(({ enforcedBy }) => enforcedBy === 'nobody')
    .map(({ kind, name, why }) => `not enforced for ${kind} ${name}: ${why}`)
  if (enforced.length === 0) return notEnforced
  const whom = nameTargets(enforced)
  const rules = rulesAtWaypoint(mesh, policy, whom)
  const none =
    policy.rules.length > 0
      ? []
      : policy.action === 'ALLOW'
        ? [`no rule of this policy allows anything: every request to ${whom} is denied`]
        : ['it has no rules and matches nothing']
  const rest =
    policy.action === 'ALLOW' && policy.rules.length > 0
      ? [
          isUnsure
            ? 'it then denies what no rule of an ALLOW policy matches'
            : 'everything else is denied, unless another ALLOW policy at the same place allows it',
        ]
      : []
  const bypass =
    enforced.some(({ kind }) => kind !== 'GatewayClass') &&
    enforced.some(({ enforcedBy }) => enforcedBy === 'waypoint')
  const dryRun = isDryRun(policy)
    ? ['it is a dry run: the result is only logged, and nothing is denied']
    : []
  return [
    ...unsure,
    ...dryRun,
    ...rules,
    ...none,
    ...rest,
    ...exceptions(mesh, policy, enforced),
    ...notEnforced,
    ...(bypass ? [NOT_CHECKED] : []),
  ]
}
