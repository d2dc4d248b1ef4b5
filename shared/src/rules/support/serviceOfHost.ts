import type { Mesh } from '../../mesh/mesh.js'
import type { Service } from '../../resources/service.js'

/** `api`, `api.shop`, `api.shop.svc` and `api.shop.svc.cluster.local` are the Service `shop/api`. */
export function serviceOfHost(mesh: Mesh, namespace: string, host: string): Service | undefined {
  const [name = '', serviceNamespace = namespace, svc = 'svc'] = host.split('.')
  return svc === 'svc' ? mesh.named('Service', serviceNamespace, name) : undefined
}
