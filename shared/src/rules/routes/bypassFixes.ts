import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { Fix } from '../fix.js'
import { allowOnlyFromWaypoint } from '../fixes/allowOnlyFromWaypoint.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import type { Bypass } from './bypass.js'
import { companionPoliciesOf } from './directAccess.js'
import { requireMutualTls } from './requireMutualTls.js'

/**
 * Fixes that close the bypasses of a waypoint. Where ALLOW policies allow direct access, they are bound to
 * the waypoint; else a companion policy is added. STRICT is offered too where only plaintext clients bypass
 * the waypoint.
 */
export function bypassFixes(
  mesh: Mesh,
  policy: AuthorizationPolicy | RequestAuthentication,
  bypasses: readonly Bypass[],
): Fix[] {
  const [first] = bypasses
  if (!first) return []
  const openingPolicies = [
    ...new Set(
      bypasses.flatMap(({ access }) => [
        ...access.openedBy,
        ...access.clients.map((client) => client.policy),
      ]),
    ),
  ]
  const onlyPlaintext = bypasses.every(
    ({ clientKinds, access }) =>
      clientKinds.every((kind) => kind === 'plaintext clients') && access.clients.length === 0,
  )
  const strict =
    onlyPlaintext && new Set(bypasses.map(({ service }) => service)).size === 1
      ? requireMutualTls(mesh, first.service, policy)
      : undefined
  return rankFixes(
    openingPolicies.length === 0
      ? allowOnlyFromWaypoint(mesh, policy)
      : bindAll(mesh, openingPolicies, bypasses),
    strict,
  )
}

/** Binds the policies that allow direct access; adds the companion where no remaining policy allows the waypoint. */
function bindAll(
  mesh: Mesh,
  policies: readonly AuthorizationPolicy[],
  bypasses: readonly Bypass[],
): Fix | undefined {
  const companion = !bypasses.every(({ workloads: [workload] }) =>
    workload
      ? mesh.get(companionPoliciesOf, workload).some((policy) => !policies.includes(policy))
      : true,
  )
  // Each policy would add its own companion.
  if (companion && policies.length > 1) return undefined
  const fixes = policies.map((policy) => bindToWaypoint(mesh, policy, { companion }))
  if (!fixes.every((fix) => fix !== undefined)) return undefined
  const [only] = policies
  const what =
    only && policies.length === 1 ? `"${only.name}"` : `${String(policies.length)} policies`
  return {
    title: companion
      ? `Enforce ${what} at the waypoint and allow only traffic from the waypoint`
      : `Enforce ${what} at the waypoint`,
    preferred: true,
    safe: false,
    edits: fixes.flatMap(({ edits }) => edits),
  }
}
