import { isWorkload } from '../inventory/workloads.js'
import { query, type Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import { explainAuthorizationPolicy } from './explainAuthorizationPolicy.js'
import { explainGateway, explainGatewayClass } from './explainGateway.js'
import { explainNamespace } from './explainNamespace.js'
import { explainPeerAuthentication } from './explainPeerAuthentication.js'
import { explainService } from './explainService.js'
import { explainServiceAccount } from './explainServiceAccount.js'
import { explainWorkload } from './explainWorkload.js'
import type { Explanation } from './explanation.js'

/** The explanation of an object; undefined for kinds that have none. Memoised. */
export function explainObject(mesh: Mesh, resource: Resource): Explanation | undefined {
  return mesh.get(explanationOf, resource)
}

const explanationOf = query('explanation', (mesh, resource: Resource): Explanation | undefined => {
  if (isWorkload(resource)) return explainWorkload(mesh, resource)
  switch (resource.type) {
    case 'AuthorizationPolicy':
      return explainAuthorizationPolicy(mesh, resource)
    case 'PeerAuthentication':
      return explainPeerAuthentication(mesh, resource)
    case 'Service':
    case 'ServiceEntry':
      return explainService(mesh, resource)
    case 'Namespace':
      return explainNamespace(mesh, resource)
    case 'Gateway':
      return explainGateway(mesh, resource)
    case 'GatewayClass':
      return explainGatewayClass(mesh, resource)
    case 'ServiceAccount':
      return explainServiceAccount(mesh, resource)
    default:
      return undefined
  }
})
