import { serviceNamed } from '../../mesh/hosts.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Service } from '../../resources/service.js'

/** The Service in the files that a host of a VirtualService in a namespace names. */
export function serviceOfHost(mesh: Mesh, namespace: string, host: string): Service | undefined {
  const named = serviceNamed(host, namespace)
  return named && mesh.named('Service', named.namespace, named.name)
}
