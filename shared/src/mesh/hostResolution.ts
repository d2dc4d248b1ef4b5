import { qualifiedName } from '../resources/resource.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { groupBy } from '../text/collections.js'
import { contains, parseAddress, parseCidr, type Cidr } from '../text/ip.js'
import { isRead } from './discovery.js'
import { hostAddress, whyNoAddress } from './hostAddress.js'
import { entriesOfHost, serviceNamed } from './hosts.js'
import type { Mesh } from './mesh.js'
import { isVisibleTo } from './serviceEntryVisibility.js'

/** A captured client that connects to a host. */
export interface HostClient {
  readonly namespace: string
  /** What its pod says about DNS capture; undefined: the setting of the CNI applies. */
  readonly dnsCapture: boolean | undefined
}

/** The definition of a host: a Service or ServiceEntry, with the host as it is written there. */
export interface HostDefinition {
  readonly service: Service | ServiceEntry
  readonly pattern: string
}

/** What a client's connection to a host may reach. */
export interface Resolution {
  /** Several where the files do not decide. */
  readonly reached: readonly HostDefinition[]
  /** Whether the connection may go to the host directly: ztunnel sends it on unchanged. */
  readonly direct: boolean
  /** Why the connection goes to the host directly, in clauses. Empty if no object has the host. */
  readonly misses: readonly string[]
  /** Why the files do not decide, in clauses. */
  readonly doubts: readonly string[]
}

const NOTHING: Resolution = { reached: [], direct: true, misses: [], doubts: [] }

/**
 * What a captured client reaches by the name of a host (docs/semantics.md §2.8): ztunnel's DNS looks for the name,
 * then for each wildcard, and takes the definition of the client's namespace first (`Z:src/dns/server.rs`
 * find_server, `Z:src/state/service.rs` find_best_match).
 */
export function resolveHost(mesh: Mesh, client: HostClient, host: string): Resolution {
  const address = parseAddress(host)
  if (address) return resolveAddress(mesh, client, address)
  return inTurn(namesOf(mesh, host, client.namespace), (name) => resolveName(mesh, client, name))
}

/** One lookup after the other, until one surely finds something. */
function inTurn<T>(steps: readonly T[], lookUp: (step: T) => Resolution): Resolution {
  let found = NOTHING
  for (const step of steps) {
    if (!found.direct) break
    const next = lookUp(step)
    found = { ...union([found, next]), direct: next.direct }
  }
  return found
}

function union(found: readonly Resolution[]): Resolution {
  return {
    reached: found.flatMap(({ reached }) => reached),
    direct: found.some(({ direct }) => direct),
    misses: found.flatMap(({ misses }) => misses),
    doubts: found.flatMap(({ doubts }) => doubts),
  }
}

/** The name itself, the Service that it names, and the wildcards that match it, in ztunnel's order. */
function namesOf(mesh: Mesh, host: string, namespace: string): readonly string[] {
  const name = host.toLowerCase().replace(/\.$/, '')
  const labels = name.split('.')
  const service = shortServiceName(mesh, labels, namespace)
  return [
    name,
    ...(service ? [`${service.name}.${service.namespace}.svc.cluster.local`] : []),
    ...labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`),
  ]
}

/** The Service of the files that `name`, `name.namespace` or `name.namespace.svc` names. */
function shortServiceName(
  mesh: Mesh,
  labels: readonly string[],
  clientNamespace: string,
): Service | undefined {
  const [name = '', namespace = clientNamespace, svc = 'svc', ...rest] = labels
  return svc === 'svc' && rest.length === 0 ? mesh.named('Service', namespace, name) : undefined
}

function resolveName(mesh: Mesh, client: HostClient, name: string): Resolution {
  const lists = groupBy(definitionsOf(mesh, name, client), ({ service }) => service.namespace)
  const own = lists.get(client.namespace)
  lists.delete(client.namespace)
  const others = [...lists.values()]
  // A Service is canonical: only definitions of the client's namespace come before it.
  const canonical = others.find((list) => list.some(({ service }) => service.type === 'Service'))
  const found = inTurn([own ? [own] : [], canonical ? [canonical] : others], (step) =>
    inNamespaces(mesh, client, step),
  )
  return { ...found, misses: [...found.misses, ...unseenBy(mesh, client, name)] }
}

/** The ServiceEntries with a host that the client does not see, in clauses. */
function unseenBy(mesh: Mesh, { namespace }: HostClient, name: string): string[] {
  return entriesOfHost(mesh, name)
    .filter((entry) => isRead(mesh, entry) && !isVisibleTo(mesh, entry, namespace))
    .map(
      (entry) =>
        `clients of namespace ${namespace} do not see the ServiceEntry ${qualifiedName(entry)}`,
    )
}

/** The definitions of a name that a client can see. */
function definitionsOf(mesh: Mesh, name: string, client: HostClient): HostDefinition[] {
  const named = name.includes('.') ? serviceNamed(name, '') : undefined
  const service = named && mesh.named('Service', named.namespace, named.name)
  const entries = visibleTo(mesh, client, entriesOfHost(mesh, name)).flatMap((entry) =>
    entry.hosts
      .filter((host) => host.toLowerCase() === name)
      .map((pattern) => ({ service: entry, pattern })),
  )
  return [...(service ? [{ service, pattern: name }] : []), ...entries]
}

/** The ServiceEntries that istiod sends to the ztunnel of a client and that the client can see. */
function visibleTo(
  mesh: Mesh,
  client: HostClient,
  entries: readonly ServiceEntry[],
): readonly ServiceEntry[] {
  return entries.filter(
    (entry) => isRead(mesh, entry) && isVisibleTo(mesh, entry, client.namespace),
  )
}

/** The definitions of one name in several namespaces, of which the client prefers none. */
function inNamespaces(
  mesh: Mesh,
  client: HostClient,
  lists: readonly (readonly HostDefinition[])[],
): Resolution {
  const found = lists.map((list) => inNamespace(mesh, client, list))
  const all = union(found)
  const [first, second] = found.filter(({ reached }) => reached.length > 0)
  const pattern = first?.reached[0]?.pattern ?? ''
  return {
    ...all,
    // Definitions without an address do not count.
    direct: found.every(({ direct }) => direct),
    doubts: second
      ? [
          ...all.doubts,
          `several namespaces define ${pattern}, and no file shows which definition is the oldest`,
        ]
      : all.doubts,
  }
}

/** The definitions of one name in one namespace: istiod sends the Service, else the oldest ServiceEntry. */
function inNamespace(mesh: Mesh, client: HostClient, list: readonly HostDefinition[]): Resolution {
  const service = list.find((definition) => definition.service.type === 'Service')
  if (service) return { ...NOTHING, reached: [service], direct: false }
  const all = union(list.map((definition) => atEntry(mesh, client, definition)))
  const [first, second] = list
  return first && second
    ? {
        ...all,
        doubts: [
          ...all.doubts,
          `namespace ${first.service.namespace} defines ${first.pattern} more than once, and no file shows which definition is the oldest`,
        ],
      }
    : all
}

function atEntry(mesh: Mesh, client: HostClient, definition: HostDefinition): Resolution {
  const { service, pattern } = definition
  const reached = [definition]
  if (service.type === 'Service') return { ...NOTHING, reached, direct: false }
  const name = `ServiceEntry ${qualifiedName(service)}`
  const address = hostAddress(mesh, service, pattern, client.dnsCapture)
  switch (address.status) {
    case 'given':
      return { ...NOTHING, reached, direct: false }
    case 'none':
      return {
        ...NOTHING,
        misses: [
          `clients get no address of ${name} that ztunnel knows, because ${whyNoAddress(mesh, address.reason)}`,
        ],
      }
    case 'own DNS':
      return {
        ...NOTHING,
        reached,
        doubts: [
          `clients get the address of ${pattern} from their own DNS, and no file shows whether ${name} has it`,
        ],
      }
    case 'unknown':
      return { ...NOTHING, reached, doubts: [`another tool fills in fields of ${name}`] }
  }
}

/** The ServiceEntries with an address: single addresses before blocks, the client's namespace first, then long prefixes. */
function resolveAddress(mesh: Mesh, client: HostClient, address: Cidr): Resolution {
  const matches = visibleTo(mesh, client, mesh.all('ServiceEntry')).flatMap((service) =>
    service.addresses.flatMap((pattern) => {
      const block = parseCidr(pattern)
      if (!block || !contains(block, address)) return []
      const isSingle = block.length === address.length
      const isOwn = service.namespace === client.namespace
      return [
        { service, pattern, rank: 1000 * Number(isSingle) + 500 * Number(isOwn) + block.length },
      ]
    }),
  )
  const best = Math.max(...matches.map(({ rank }) => rank))
  const reached = matches.filter(({ rank }) => rank === best)
  return {
    ...NOTHING,
    reached,
    direct: false,
    doubts: reached.length > 1 ? ['several ServiceEntries have this address'] : [],
  }
}
