import type { Client } from '../access/client.js'
import type { KnownDestination } from '../access/destination.js'
import { destinationsOf, type Reached } from '../access/hostDestinations.js'
import { entriesOfHost, serviceNamed } from '../mesh/hosts.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { qualifiedName } from '../resources/resource.js'
import { contains, parseAddress, parseCidr } from '../text/ip.js'
import { splitOnce } from '../text/splitOnce.js'
import { lacksChain } from '../waypoint/wildcardHosts.js'
import { dnsCaptures } from './clientIndex.js'

type HostTarget = { readonly host: string; readonly port: number }

/** What captured clients reach by a host. */
export interface HostReading {
  /** Undefined: every namespace that no other reading has. */
  readonly namespace: string | undefined
  /** As `Client.dnsCapture` has it. */
  readonly dnsCapture: boolean | undefined
  readonly destinations: readonly KnownDestination[]
  /** Whether the files define the host with the port, for these clients. */
  readonly isDefined: boolean
  /** Equal if the verdicts of all requests are equal. */
  readonly digest: string
}

/** What the captured clients of each namespace reach by a host, with each value of DNS capture that occurs. */
export function hostReadings(mesh: Mesh, to: HostTarget): readonly HostReading[] {
  return mesh.get(readingsOf, `${to.port} ${to.host}`)
}

const readingsOf = query('host readings', (mesh, key: string): readonly HostReading[] => {
  const [port, host] = splitOnce(key, ' ')
  const to: HostTarget = { host, port: Number(port) }
  return [undefined, ...definingNamespaces(mesh, to.host)].flatMap((namespace) =>
    mesh.get(dnsCaptures, '').map((dnsCapture): HostReading => {
      const client: Client = {
        kind: 'ambient',
        identity: undefined,
        ip: undefined,
        dnsCapture: [dnsCapture],
        assumptions: [],
      }
      const { reached } = destinationsOf(mesh, client, { from: { namespace: namespace ?? '' }, to })
      return {
        namespace,
        dnsCapture,
        destinations: reached.filter(isKnown),
        isDefined: reached.some(({ kind }) => kind !== 'missing' && kind !== 'direct'),
        digest: JSON.stringify(reached.map((each) => digestOf(mesh, each))),
      }
    }),
  )
})

function isKnown(reached: Reached): reached is Extract<Reached, KnownDestination> {
  return reached.kind === 'service' || reached.kind === 'workload'
}

/** The namespaces whose clients may reach something else by a host than other clients: those that define it. */
function definingNamespaces(mesh: Mesh, host: string): string[] {
  const name = host.toLowerCase().replace(/\.$/, '')
  const address = parseAddress(host)
  const entries = address
    ? mesh.all('ServiceEntry').filter(({ addresses }) =>
        addresses.some((text) => {
          const block = parseCidr(text)
          return block !== undefined && contains(block, address)
        }),
      )
    : patternsOf(name).flatMap((pattern) => entriesOfHost(mesh, pattern))
  return [
    ...new Set([...entries.map(({ namespace }) => namespace), ...serviceNamespaces(mesh, name)]),
  ].sort()
}

/** The hosts of ServiceEntries that match a name. */
function patternsOf(name: string): string[] {
  const labels = name.split('.').slice(1)
  return [name, ...labels.map((_, index) => `*.${labels.slice(index).join('.')}`)]
}

/** The namespaces of the Services that a host can name, from some namespace. */
function serviceNamespaces(mesh: Mesh, name: string): string[] {
  if (!name.includes('.'))
    return mesh
      .all('Service')
      .flatMap((service) => (service.name === name ? service.namespace : []))
  return [serviceNamed(name, '')?.namespace ?? name.split('.')[1] ?? '']
}

function digestOf(mesh: Mesh, reached: Reached): unknown {
  if (reached.kind !== 'service') return reached.kind
  const { service, host = '', port, protocol } = reached
  return [
    service.type,
    qualifiedName(service),
    port,
    protocol,
    service.type === 'ServiceEntry' && lacksChain(mesh, service, { host, port }),
  ]
}
