import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Fix } from '../fix.js'
import type { Bypass } from '../support/bypass.js'
import { companionsOf } from '../support/directAccess.js'
import { allowOnlyFromWaypoint } from '../fixes/allowOnlyFromWaypoint.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { requireMutualTls } from '../fixes/requireMutualTls.js'

/**
 * Closes the ways past a waypoint: the companion policy where no ALLOW policy admits anybody directly, else the binding of those policies to the waypoint, else
 * STRICT where only plaintext passes.
 */
export function bypassFixes(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  bypasses: readonly Bypass[],
): Fix[] {
  const opening = [
    ...new Set(
      bypasses.flatMap(({ access }) => [
        ...access.openedBy,
        ...access.clients.map((client) => client.policy),
      ]),
    ),
  ]
  const [first] = bypasses
  if (!first) return []
  const plaintextOnly = bypasses.every(
    ({ ways, access }) => ways.join() === 'plaintext clients' && access.clients.length === 0,
  )
  const strict =
    plaintextOnly && new Set(bypasses.map(({ service }) => service)).size === 1
      ? requireMutualTls(mesh, first.service, policy)
      : undefined
  return rankFixes(
    opening.length === 0 ? allowOnlyFromWaypoint(mesh, policy) : bindAll(mesh, opening, bypasses),
    strict,
  )
}

/** Moves every policy that admits clients directly; adds the companion where no policy that stays admits the waypoint. */
function bindAll(
  mesh: Mesh,
  policies: readonly AuthorizationPolicy[],
  bypasses: readonly Bypass[],
): Fix | undefined {
  const companion = !bypasses.every(({ workload }) =>
    mesh.get(companionsOf, workload).some((policy) => !policies.includes(policy)),
  )
  // Each would bring a companion of its own.
  if (companion && policies.length > 1) return undefined
  const fixes = policies.map((policy) => bindToWaypoint(mesh, policy, { companion }))
  if (!fixes.every((fix) => fix !== undefined)) return undefined
  const [only] = policies
  const what =
    only && policies.length === 1 ? `"${only.name}"` : `${String(policies.length)} policies`
  const title = `Bind ${what} to the waypoint via targetRefs${companion ? ', allow only traffic from it' : ''}`
  return { title, preferred: true, safe: false, edits: fixes.flatMap(({ edits }) => edits) }
}
