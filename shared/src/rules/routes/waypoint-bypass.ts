import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { bypassFixes } from './closeBypass.js'
import { defineRule, type Report } from '../rule.js'
import { nameWorkloads } from '../support/coverage.js'
import { firstThatFits, listed } from '../support/words.js'
import { bypassesOf, protectedBy, type Bypass, type Protected } from '../support/bypass.js'
import { capitalised, shownName } from '../support/resourceNames.js'
import { protects } from './protects.js'
import { namesOtherNamespace, resolveTarget } from '../../waypoint/attachment.js'

export const waypointBypass = defineRule({
  name: 'waypoint-bypass',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'Identity',
    'MeshConfig',
    'Namespace',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (!protects(policy)) return
    for (const ref of policy.targetRefs) {
      if (isPlaceholder(ref.name) || namesOtherNamespace(policy, ref)) continue
      const found = protectedBy(mesh, resolveTarget(mesh, policy, ref))
      const finding = found && findingOf(mesh, { policy, ref, found })
      if (finding) report(finding)
    }
  },
})

interface Subject {
  readonly policy: AuthorizationPolicy
  readonly ref: PolicyTargetReference
  readonly found: Protected
}

function findingOf(mesh: Mesh, { policy, ref, found }: Subject): Report | undefined {
  const path = [...ref.path, 'name']
  const bypasses = bypassesOf(mesh, found)
  const certain = bypasses.filter(({ certainties }) =>
    certainties.every(({ level }) => level === 'certain'),
  )
  const spoken = certain.length > 0 ? certain : bypasses
  if (spoken.length === 0) return externalFinding(found, path)
  return {
    message: messageOf(spoken, shownName(found.gateway)),
    path,
    certainties: spoken.flatMap(({ certainties }) => certainties),
    related: [
      ...new Map(
        spoken.flatMap(({ evidence }) => evidence).map((item) => [item.resource, item]),
      ).values(),
    ].slice(0, 6),
    fixes: () => bypassFixes(mesh, policy, spoken),
  }
}

function messageOf(bypasses: readonly Bypass[], waypoint: string): string {
  const ways = [...new Set(bypasses.flatMap((bypass) => bypass.ways))]
  const clients = bypasses.flatMap(({ access }) => access.clients)
  const where = nameWorkloads([...new Set(bypasses.map(({ workload }) => workload))])
  const past = `past waypoint "${waypoint}" and this policy`
  const [first] = clients
  if (!first || bypasses.some(({ access }) => access.everybody)) {
    const who = capitalised(listed(ways))
    return firstThatFits(
      `${who} reach ${where} ${past}.`,
      `${who} reach its pods ${past}.`,
      `${who} reach its pods past the waypoint and this policy.`,
    )
  }
  const labels = [...new Set(clients.map(({ label }) => label))]
  const several = labels.length > 1
  const who = capitalised(labels.length > 2 ? `${String(labels.length)} clients` : listed(labels))
  const why = `"${first.policy.name}" admits ${several ? 'them' : 'it'} directly`
  const reach = several ? 'reach' : 'reaches'
  return firstThatFits(
    `${who} ${reach} ${where} ${past}: ${why}.`,
    `${who} ${reach} its pods ${past}: ${why}.`,
    `${who} ${reach} its pods past the waypoint: ${why}.`,
  )
}

/** External hosts have no ztunnel of their own: whoever knows the address goes there directly. */
function externalFinding(
  { gateway, targets, certainty }: Protected,
  path: Report['path'],
): Report | undefined {
  const [entry] = targets.filter((target): target is ServiceEntry => target.type === 'ServiceEntry')
  if (!entry || targets.some(({ type }) => type === 'Service')) return undefined
  return {
    level: 'information',
    message: firstThatFits(
      `Clients that dial the address of ${entry.hosts[0] ?? entry.name} themselves pass neither waypoint "${shownName(gateway)}" nor this policy.`,
      `Clients that dial the address of "${entry.name}" themselves pass neither its waypoint nor this policy.`,
    ),
    path,
    certainties: [certainty],
    related: [
      { resource: entry, path: ['spec', 'hosts'], message: `The ServiceEntry "${entry.name}".` },
    ],
  }
}
