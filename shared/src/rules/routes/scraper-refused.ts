import { workloadsWithLabels } from '../../mesh/selectorClasses.js'
import { NONE, addToGroup } from '../../text/collections.js'
import { selectionOf } from '../../mesh/policies.js'
import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { namedPeers, unnamedIdentityIn } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import type { Fix } from '../fix.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../fixes/newObject.js'
import { defineRule } from '../rule.js'
import { allowPoliciesOf, companionPoliciesOf, isOwnWaypoint } from './directAccess.js'
import { hasUnreadablePolicy, ztunnelPoliciesOf } from '../support/waypointVerdicts.js'
import { firstThatFits, quoted } from '../support/words.js'
import { scrapesOf, type Scrape } from './scrapers.js'

export const scraperRefused = defineRule({
  name: 'scraper-refused',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'PodMonitor',
    'Service',
    'ServiceMonitor',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (policy.action !== 'ALLOW' || policy.targetRefs.length > 0) return
    if (mesh.hasOpaque('AuthorizationPolicy')) return
    const selection = selectionOf(mesh, policy)
    const denied = (
      selection === undefined ? NONE : (mesh.get(byCompanion, selection).get(policy) ?? NONE)
    ).flatMap((workload) => deniedScrapes(mesh, workload))
    const [first] = denied
    if (!first) return
    const { scrape, isForWaypoint } = first
    const scraper = scrape.label.startsWith('prometheus.io')
      ? `the scraper that ${scrape.label} asks for`
      : `the scraper of ${scrape.label}`
    const reason = isForWaypoint
      ? `Only the waypoint may reach port ${scrape.port}`
      : `No client may reach port ${scrape.port}`
    report({
      message: firstThatFits(
        `${reason}: ${scraper} is denied.`,
        `${reason}: the scraper is denied.`,
      ),
      path: ['metadata', 'name'],
      related: [
        ...new Map(
          denied.map(({ scrape: { evidence } }) => [evidence.resource, evidence]),
        ).values(),
      ].slice(0, 5),
      fixes: () => allowScraper(mesh, policy, first),
    })
  },
})

interface DeniedScrape {
  readonly workload: Workload
  readonly scrape: Scrape
  /** Whether a waypoint may reach the port. */
  readonly isForWaypoint: boolean
}

/** The workloads of a selection by the first policy that names their waypoint: denied scrapes are reported for it. */
const byCompanion = query(
  'workloads by companion policy',
  (mesh, selection: string): ReadonlyMap<AuthorizationPolicy, readonly Workload[]> => {
    const workloads = new Map<AuthorizationPolicy, Workload[]>()
    for (const workload of mesh.get(workloadsWithLabels, selection)) {
      const [first] = mesh.get(companionPoliciesOf, workload)
      if (first) addToGroup(workloads, first, workload)
    }
    return workloads
  },
)

/** The scrapes of a workload that its ALLOW policies deny. */
function deniedScrapes(mesh: Mesh, workload: Workload): DeniedScrape[] {
  const { mode, certainty } = mesh.get(enrolmentOf, workload)
  if (
    mode !== 'ambient' ||
    certainty.level !== 'certain' ||
    mesh.get(hasUnreadablePolicy, workload)
  )
    return []
  return scrapesOf(mesh, workload)
    .filter(({ port }) => !mayBeReached(mesh, workload, port))
    .map((scrape) => ({
      workload,
      scrape,
      isForWaypoint: clientsOf(mesh, workload, scrape.port).length > 0,
    }))
}

/** Whether a client other than a waypoint may connect to a port. */
function mayBeReached(mesh: Mesh, workload: Workload, port: number): boolean {
  const policies = mesh.get(ztunnelPoliciesOf, workload)
  const identities = [unnamedIdentityIn(mesh.settings.trustDomain), undefined]
  return (
    identities.some((identity) => probe(policies, { identity, port }) !== 'deny') ||
    clientsOf(mesh, workload, port).some((peer) => !isOwnWaypoint(mesh, workload, peer))
  )
}

/** The clients that ALLOW policies name and ztunnel does not deny on a port. */
function clientsOf(mesh: Mesh, workload: Workload, port: number) {
  const policies = mesh.get(ztunnelPoliciesOf, workload)
  return allowPoliciesOf(mesh, workload)
    .flatMap(({ authorization }) => authorization.rules)
    .flatMap((rule) => namedPeers(rule, mesh.settings.trustDomain))
    .filter(({ identity }) => probe(policies, { identity, port }) !== 'deny')
}

/** An ALLOW for the namespaces that run Prometheus in ambient mode. It opens the port beside the waypoint, so it is never safe. */
function allowScraper(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { workload, scrape: { port } }: DeniedScrape,
): Fix[] {
  const namespaces = mesh
    .workloadsAt(keys.allWorkloads())
    .filter(
      (other) =>
        /prom/.test(other.name) &&
        other.namespace !== workload.namespace &&
        mesh.get(enrolmentOf, other).mode === 'ambient',
    )
    .map(({ namespace }) => namespace)
  return [...new Set(namespaces)].slice(0, 3).map((namespace, index) => ({
    title: `Allow namespace ${quoted(namespace)} to reach port ${port} without the waypoint`,
    preferred: index === 0,
    safe: false,
    edits: [
      {
        op: 'add' as const,
        after: policy,
        objects: [
          authorizationPolicy(
            metadataBeside(policy, freePolicyName(mesh, policy.namespace, 'allow-scraper')),
            {
              ...(policy.selector?.matchLabels
                ? { selector: { matchLabels: { ...policy.selector.matchLabels } } }
                : {}),
              action: 'ALLOW',
              rules: [
                {
                  from: [{ source: { namespaces: [namespace] } }],
                  to: [{ operation: { ports: [String(port)] } }],
                },
              ],
            },
          ),
        ],
      },
    ],
  }))
}
