import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { Mesh } from './mesh.js'

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
  return hostsOf(service).some((own) => matches(pattern, fullHost(own, service.namespace)))
}

function matches(pattern: string, host: string): boolean {
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
  const entries = mesh
    .all('ServiceEntry')
    .filter((entry) => entry.hosts.some((own) => own.toLowerCase() === fullHost(host, namespace)))
  return service ? [service, ...entries] : entries
}
