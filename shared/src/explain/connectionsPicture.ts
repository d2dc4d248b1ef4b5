import { NO_PROXY, reasonInWords } from '../access/reasonInWords.js'
import type { Hop, Verdict } from '../access/request.js'
import { query, type Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import {
  clientsFor,
  connectionsOfService,
  connectionsOfWorkload,
  workloadsWithoutService,
  type Connection,
} from './connections.js'
import { shortPrincipal } from '../vocabulary/principal.js'
import type { MeshPicture, PictureEdge, PictureNode } from './meshPicture.js'
import { count } from './support/notes.js'
import { groupBy } from '../text/collections.js'

type Node = PictureNode<Resource>
type Edge = PictureEdge<Resource>

/** The connections of one Service or workload. */
interface Flow {
  readonly id: string
  readonly title: string
  readonly resource: Resource
  readonly connections: readonly Connection[]
}

/** Limit of client names in one box; the rest is counted. */
const MAX_NAMES = 2

/**
 * The connections of a namespace: clients → waypoints → workloads, with the identity on every edge. Clients with the
 * same access everywhere share a box. A waypoint has a box for each Service, because each Service has policies of its
 * own.
 */
export const connectionsPicture = query(
  'connections picture',
  (mesh, namespace: string): MeshPicture<Resource> => {
    const flows = flowsOf(mesh, namespace)
    const builder = new PictureBuilder()
    for (const group of groupClients(mesh, namespace, flows)) builder.addGroup(group, flows)
    return {
      title: `Connections of namespace ${namespace}`,
      nodes: [...builder.nodes.values()],
      edges: [...builder.edges.values()],
    }
  },
)

function flowsOf(mesh: Mesh, namespace: string): Flow[] {
  const services = mesh.inNamespace('Service', namespace).map((service): Flow => ({
    id: `service ${service.name}`,
    title: service.name,
    resource: service,
    connections: mesh.get(connectionsOfService, service),
  }))
  const alone = workloadsWithoutService(mesh, namespace).map((workload): Flow => ({
    id: `workload ${workload.name}`,
    title: workload.name,
    resource: workload,
    connections: mesh.get(connectionsOfWorkload, workload),
  }))
  return [...services, ...alone].filter(({ connections }) => connections.length > 0)
}

interface Group {
  readonly names: readonly string[]
  readonly outside: boolean
  /** Index in the list of connections of every flow. */
  readonly index: number
}

/** Groups the clients with the same verdicts and the same hops everywhere. */
function groupClients(mesh: Mesh, namespace: string, flows: readonly Flow[]): Group[] {
  const groups = new Map<string, { names: string[]; outside: boolean; index: number }>()
  for (const [index, { name, from }] of mesh.get(clientsFor, namespace).clients.entries()) {
    const outside = from.serviceAccount === undefined
    const access = flows.map(({ connections }) => {
      const connection = connections[index]
      return [
        connection?.verdict,
        connection?.answers.map(({ hops }) =>
          hops.map(({ point, name: at, verdict }) => [point, at, verdict]),
        ),
      ]
    })
    const key = JSON.stringify([outside, access])
    const known = groups.get(key)
    if (known) known.names.push(name)
    else groups.set(key, { names: [name], outside, index })
  }
  return [...groups.values()]
}

class PictureBuilder {
  readonly nodes = new Map<string, Node>()
  readonly edges = new Map<string, Edge>()

  addGroup(group: Group, flows: readonly Flow[]): void {
    const id = `client ${group.index}`
    this.nodes.set(id, clientNode(id, group))
    for (const flow of flows) {
      const connection = flow.connections[group.index]
      if (connection) this.#addConnection(id, { flow, connection, group })
    }
  }

  #addConnection(
    client: string,
    {
      flow,
      connection: { answers, verdict },
      group,
    }: { readonly flow: Flow; readonly connection: Connection; readonly group: Group },
  ): void {
    const identity = group.outside
      ? 'no identity'
      : group.names.length === 1
        ? (group.names[0] ?? '')
        : count(group.names.length, 'identity')
    const waypoints = answers.flatMap(({ hops }) =>
      hops.filter(({ point }) => point === 'waypoint'),
    )
    const ends = answers.flatMap(({ hops }) => hops.filter(({ point }) => point !== 'waypoint'))
    const [waypoint] = waypoints
    if (waypoint) {
      const between = `${flow.id} at ${waypoint.name}`
      this.nodes.set(between, {
        id: between,
        kind: 'waypoint',
        title: `Service ${flow.title}`,
        subtitle: `waypoint ${waypoint.name}`,
        link: flow.resource,
      })
      this.#addEdge({
        from: client,
        to: between,
        label: identity,
        verdict: commonVerdict(waypoints),
        why: reasons(waypoints),
        link: decidingPolicy(waypoints),
      })
      for (const [end, hops] of byName(ends))
        this.#addEdge({
          from: between,
          to: this.#end(end, hops, flow),
          label: shortIdentity(hops),
          verdict: commonVerdict(hops),
          why: reasons(hops),
          link: decidingPolicy(hops),
        })
      return
    }
    for (const [end, hops] of byName(ends))
      this.#addEdge({
        from: client,
        to: this.#end(end, hops, flow),
        label: identity,
        verdict: commonVerdict(hops),
        why: reasons(hops),
        link: decidingPolicy(hops),
      })
    if (ends.length > 0) return
    const id = `end ${flow.id}`
    this.nodes.set(id, {
      id,
      kind: 'workload',
      title: flow.title,
      subtitle: NO_PROXY,
      link: flow.resource,
    })
    this.#addEdge({
      from: client,
      to: id,
      label: identity,
      verdict,
      why: NO_PROXY,
      link: null,
    })
  }

  #end(name: string, hops: readonly Hop[], flow: Flow): string {
    const id = `end ${name}`
    this.nodes.set(id, {
      id,
      kind: 'workload',
      title: name,
      subtitle: `pod behind ${hops[0]?.point ?? 'ztunnel'}`,
      link: this.nodes.get(id)?.link ?? flow.resource,
    })
    return id
  }

  /** Merges equal edges; two verdicts become `undecided`. */
  #addEdge(edge: Edge): void {
    const key = JSON.stringify([edge.from, edge.to, edge.label])
    const known = this.edges.get(key)
    if (!known) this.edges.set(key, edge)
    else if (known.verdict !== edge.verdict)
      this.edges.set(key, {
        ...known,
        verdict: 'undecided',
        why: [...new Set([known.why, edge.why])].join('; '),
      })
  }
}

function clientNode(id: string, { names, outside }: Group): Node {
  if (outside)
    return { id, kind: 'outside', title: 'outside the mesh', subtitle: 'no identity', link: null }
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''
  return {
    id,
    kind: 'client',
    title: `${names.slice(0, MAX_NAMES).join(', ')}${more}`,
    subtitle: names.length === 1 ? 'client' : `${names.length} clients with the same access`,
    link: null,
  }
}

function byName(hops: readonly Hop[]): Map<string, Hop[]> {
  return groupBy(hops, ({ name }) => name)
}

function commonVerdict(hops: readonly Hop[]): Verdict {
  const verdicts = new Set(hops.map(({ verdict }) => verdict))
  const [only] = verdicts
  return only !== undefined && verdicts.size === 1 ? only : 'undecided'
}

function reasons(hops: readonly Hop[]): string {
  return [...new Set(hops.map(reasonInWords))].join('; ')
}

function decidingPolicy(hops: readonly Hop[]): Resource | null {
  return hops.find(({ place }) => place !== undefined)?.place?.resource ?? null
}

/** `cluster.local/ns/shop/sa/waypoint` → `shop/waypoint`. */
function shortIdentity(hops: readonly Hop[]): string {
  const identities = new Set(
    hops.map(({ identity }) => (identity === null ? 'no identity' : shortPrincipal(identity))),
  )
  return [...identities].join(' or ')
}
