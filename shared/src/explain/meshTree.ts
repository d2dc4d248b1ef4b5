import { keys } from '../inventory/indexKeys.js'
import { NO_PROXY, reasonInWords } from '../access/reasonInWords.js'
import type { Verdict } from '../access/request.js'
import { isRejectedIn } from '../mesh/discovery.js'
import { classRole } from '../mesh/gatewayClass.js'
import { query, type Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName, type Resource } from '../resources/resource.js'
import {
  clientsFor,
  connectionsOfService,
  connectionsOfWorkload,
  type Connection,
} from './connections.js'
import { explainObject } from './explainObject.js'
import type {
  AppliedPolicyExplanation,
  SubjectExplanation,
  WaypointExplanation,
} from './explanation.js'
import { policyReach } from './policy/policyReach.js'
import { count } from './support/notes.js'

/** One line of the mesh view, as plain data. `L` is the type of a link into a file, as in `MeshPicture`. */
export interface MeshTreeItem<L> {
  readonly kind:
    | 'namespace'
    /** The policies of a namespace that no proxy enforces. */
    | 'group'
    | 'service'
    | 'workload'
    | 'waypoint'
    | 'policy'
    | 'verdict'
    | 'client'
  readonly label: string
  readonly description: string
  /** Empty where the tooltip has nothing to add. */
  readonly tooltip: string
  /** `undecided` also if some clients are allowed and some are denied. */
  readonly verdict: Verdict | null
  readonly link: L | null
  /** A destination for requests, as `namespace/name`. */
  readonly target: { readonly kind: 'service' | 'workload'; readonly name: string } | null
  readonly children: readonly MeshTreeItem<L>[]
  /** The findings about the object and its children; absent where they are not counted. */
  readonly problems?: ProblemCounts
}

export interface ProblemCounts {
  readonly errors: number
  readonly warnings: number
}

type Item = MeshTreeItem<Resource>

function item(kind: Item['kind'], label: string, rest: Partial<Item> = {}): Item {
  return {
    kind,
    label,
    description: '',
    tooltip: '',
    verdict: null,
    link: null,
    target: null,
    children: [],
    ...rest,
  }
}

/** The namespaces of a mesh, sorted, without their content. */
export const namespaceItems = query('namespace items', (mesh, _: ''): readonly Item[] => {
  const objects = new Map(mesh.all('Namespace').map((namespace) => [namespace.name, namespace]))
  const holding = [
    ...mesh.all('Service'),
    ...mesh.all('AuthorizationPolicy'),
    ...mesh.all('Gateway'),
    ...mesh.workloadsAt(keys.allWorkloads()),
  ].map(({ namespace }) => namespace)
  return [...new Set([...objects.keys(), ...holding])].sort().map((name) => {
    const object = objects.get(name)
    const explanation = object && explainObject(mesh, object)
    const workloads = count(mesh.workloadsAt(keys.workloads(name)).length, 'workload')
    return item('namespace', name, {
      description: explanation?.summary ?? `no Namespace object · ${workloads}`,
      link: object ?? null,
    })
  })
})

/**
 * The Services, workloads and waypoints of a namespace, each with its waypoint, its policies and the access of the
 * clients.
 */
export const namespaceTree = query('namespace tree', (mesh, namespace: string): readonly Item[] => {
  const services = mesh.inNamespace('Service', namespace).map((service) =>
    subject(mesh, service, {
      kind: 'service',
      connections: mesh.get(connectionsOfService, service),
    }),
  )
  const workloads = mesh.workloadsAt(keys.workloads(namespace)).map((workload) =>
    subject(mesh, workload, {
      kind: 'workload',
      connections: mesh.get(connectionsOfWorkload, workload),
    }),
  )
  const waypoints = mesh
    .inNamespace('Gateway', namespace)
    .filter(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'waypoint')
    .map((gateway) => {
      const explanation = explainObject(mesh, gateway)
      const policies =
        explanation && 'enrolment' in explanation ? policyItems(mesh, explanation.policies) : []
      return item('waypoint', gateway.name, {
        description: `Gateway · ${explanation?.summary ?? ''}`,
        link: gateway,
        children: policies,
      })
    })
  return [unenforced(mesh, namespace), services, workloads, waypoints].flatMap((items) =>
    items.sort((a, b) => (a.label < b.label ? -1 : 1)),
  )
})

function whyUnenforced(mesh: Mesh, policy: AuthorizationPolicy): string {
  if (isRejectedIn(mesh, policy)) return 'rejected by the API server'
  const [first] = mesh.get(policyReach, policy).all
  return first?.why ?? 'it applies to nothing in these files'
}

/** The policies that no proxy enforces. They would be seen nowhere else in the tree. */
function unenforced(mesh: Mesh, namespace: string): Item[] {
  const policies = mesh
    .written('AuthorizationPolicy', keys.namespace('AuthorizationPolicy', namespace))
    .filter(
      (policy) =>
        isRejectedIn(mesh, policy) ||
        mesh.get(policyReach, policy).all.every(({ enforcedBy }) => enforcedBy === 'nobody'),
    )
  if (policies.length === 0) return []
  return [
    item('group', 'Enforced nowhere', {
      description: count(policies.length, 'policy'),
      children: policies.map((policy) => {
        const why = whyUnenforced(mesh, policy)
        return item('policy', qualifiedName(policy), {
          description: `${policy.action} · ${why}`,
          tooltip: `${policy.type} ${qualifiedName(policy)}: ${policy.action}, not enforced: ${why}`,
          link: policy,
        })
      }),
    }),
  ]
}

interface SubjectOptions {
  readonly kind: 'service' | 'workload'
  readonly connections: readonly Connection[]
}

function subject(mesh: Mesh, resource: Resource, { kind, connections }: SubjectOptions): Item {
  const explanation = explainObject(mesh, resource)
  const verdict = verdictItem(mesh, resource.namespace, connections)
  const parts = explanation && 'enrolment' in explanation ? partsOf(mesh, explanation) : []
  return item(kind, resource.name, {
    description: [resource.type, explanation?.summary, verdict?.label]
      .filter((part) => part !== undefined && part !== '')
      .join(' · '),
    verdict: verdict?.verdict ?? null,
    link: resource,
    target: { kind, name: `${resource.namespace}/${resource.name}` },
    children: [...parts, ...(verdict ? [verdict] : [])],
  })
}

function partsOf(mesh: Mesh, { waypoint, policies }: SubjectExplanation): Item[] {
  return [...(waypoint ? [waypointItem(mesh, waypoint)] : []), ...policyItems(mesh, policies)]
}

function waypointItem(mesh: Mesh, { status, name, why }: WaypointExplanation): Item {
  const label =
    status === 'bound'
      ? `through waypoint ${name ?? ''}`
      : status === 'error'
        ? `waypoint ${name ?? ''} is not used`
        : status === 'none'
          ? 'no waypoint'
          : 'waypoint unknown'
  return item('waypoint', label, {
    description: why,
    tooltip: why,
    link: named(mesh, 'Gateway', name),
  })
}

function policyItems(mesh: Mesh, policies: readonly AppliedPolicyExplanation[]): Item[] {
  return policies.map(({ kind, name, action, enforcedBy, enforcer, sourceIdentity, why }) => {
    const where =
      enforcedBy === 'nobody'
        ? 'not enforced'
        : `enforced by ${enforcedBy}${enforcer === null ? '' : ` ${enforcer}`}`
    const identity = sourceIdentity === null ? '' : `, sees ${sourceIdentity}`
    return item('policy', name, {
      description: `${action} · ${where}`,
      tooltip: `${kind} ${name}: ${action}, ${where}${identity} (${why})`,
      link:
        kind === 'PeerAuthentication'
          ? named(mesh, 'PeerAuthentication', name)
          : named(mesh, 'AuthorizationPolicy', name),
    })
  })
}

function named(
  mesh: Mesh,
  type: 'Gateway' | 'AuthorizationPolicy' | 'PeerAuthentication',
  name: string | null,
): Resource | null {
  const slash = name?.indexOf('/') ?? -1
  return (
    (name !== null && slash > 0
      ? mesh.named(type, name.slice(0, slash), name.slice(slash + 1))
      : undefined) ?? null
  )
}

const WORDS: Readonly<Record<Verdict, string>> = {
  allow: 'allowed',
  deny: 'denied',
  undecided: 'depends on the request',
}

/** The access of all clients in one line, with a child for each client; undefined for a destination without ports. */
function verdictItem(
  mesh: Mesh,
  namespace: string,
  connections: readonly Connection[],
): Item | undefined {
  const [first] = connections
  if (!first) return undefined
  const number = (verdict: Verdict): number =>
    connections.filter((connection) => connection.verdict === verdict).length
  const same = connections.every(({ verdict }) => verdict === first.verdict)
  const label =
    same && first.verdict === 'allow'
      ? 'allows all clients'
      : same && first.verdict === 'deny'
        ? 'denies all clients'
        : accessInWords(number('allow'), number('undecided'), connections.length)
  const { left } = mesh.get(clientsFor, namespace)
  return item('verdict', label, {
    description: left > 0 ? `${left} more clients were not evaluated` : '',
    verdict: same ? first.verdict : 'undecided',
    children: connections.map(({ client, verdict, answers }) =>
      item('client', client.name, {
        description: WORDS[verdict],
        tooltip: answers.map(reasonOf).join('\n'),
        verdict,
      }),
    ),
  })
}

/** `2 of 12 clients allowed, 9 depend on the request`. */
function accessInWords(allowed: number, undecided: number, all: number): string {
  if (undecided === 0) return `${allowed} of ${all} clients allowed`
  return allowed === 0
    ? `${undecided} of ${all} clients: depends on the request`
    : `${allowed} of ${all} clients allowed, ${undecided} ${undecided === 1 ? 'depends' : 'depend'} on the request`
}

function reasonOf({ hops, verdict }: Connection['answers'][number]): string {
  const hop = hops.find((candidate) => candidate.verdict !== 'allow') ?? hops[hops.length - 1]
  return hop
    ? `${WORDS[verdict]} at ${hop.point} ${hop.name}: ${reasonInWords(hop)}`
    : `${WORDS[verdict]}: ${NO_PROXY}`
}
