import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { addToGroup } from '../text/collections.js'
import { query, type Mesh } from './mesh.js'

/** A host that names a Service: `name.namespace.svc.` and the domain of the cluster, which no file needs to say. */
const SERVICE_HOST = /^([^.*]+)\.([^.*]+)\.svc\..+$/

/** The Service that a host names; it need not exist. */
export function serviceNamed(
  host: string,
  namespace: string,
): { readonly namespace: string; readonly name: string } | undefined {
  // Only a name without a dot is completed (config/host ResolveShortnameToFQDN).
  if (host !== '' && !/[.*]/.test(host)) return { namespace, name: host }
  const [, name, where] = SERVICE_HOST.exec(host) ?? []
  return name !== undefined && where !== undefined ? { namespace: where, name } : undefined
}

/** A host of a VirtualService or DestinationRule in a form that can be compared. */
function fullHost(host: string, namespace: string): string {
  const service = serviceNamed(host, namespace)
  return (service ? serviceHost(service) : host).toLowerCase()
}

function serviceHost({ namespace, name }: { namespace: string; name: string }): string {
  return `${name}.${namespace}.svc.cluster.local`
}

function hostsOf(service: Service | ServiceEntry): readonly string[] {
  return service.type === 'Service' ? [serviceHost(service)] : service.hosts
}

/** Whether a host of a VirtualService or DestinationRule in a namespace is for a Service (`host.Name.Matches`). */
export function isHostOf(
  service: Service | ServiceEntry,
  host: string,
  namespace: string,
): boolean {
  const pattern = fullHost(host, namespace)
  return hostsOf(service).some((own) => matchesHost(pattern, fullHost(own, service.namespace)))
}

/** Whether two hosts, each perhaps with a wildcard, have a host in common (`host.Name.Matches`). */
export function matchesHost(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*'))
    return host.startsWith('*') ? pattern.endsWith(host.slice(1)) : pattern === host
  const suffix = pattern.slice(1)
  if (!host.startsWith('*')) return host.endsWith(suffix)
  return host.slice(1).endsWith(suffix) || suffix.endsWith(host.slice(1))
}

/** The Services and ServiceEntries of the files that a host without a wildcard names. */
export function servicesOfHost(
  mesh: Mesh,
  host: string,
  namespace: string,
): (Service | ServiceEntry)[] {
  const named = serviceNamed(host, namespace)
  const service = named && mesh.named('Service', named.namespace, named.name)
  const entries = entriesOfHost(mesh, fullHost(host, namespace))
  return service ? [service, ...entries] : [...entries]
}

/** The ServiceEntries of each host, in lower case. */
const entriesByHost = query(
  'ServiceEntries by host',
  (mesh, _: ''): ReadonlyMap<string, readonly ServiceEntry[]> => {
    const entries = new Map<string, ServiceEntry[]>()
    for (const entry of mesh.all('ServiceEntry'))
      for (const host of new Set(entry.hosts.map((each) => each.toLowerCase())))
        addToGroup(entries, host, entry)
    return entries
  },
)

/** The ServiceEntries that have a host, which is given in lower case. Wildcards are compared as text. */
export function entriesOfHost(mesh: Mesh, host: string): readonly ServiceEntry[] {
  return mesh.get(entriesByHost, '').get(host) ?? []
}
