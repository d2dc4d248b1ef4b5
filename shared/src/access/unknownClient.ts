import { keys } from '../inventory/indexKeys.js'
import type { Mesh } from '../mesh/mesh.js'
import { isDiscovered } from '../mesh/namespaces.js'
import { qualifiedName } from '../resources/resource.js'
import { formatPrincipal } from '../vocabulary/principal.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'
import type { Client } from './client.js'
import type { AccessAnswer, AccessRequest, Hop } from './request.js'

/** The reason of ztunnel for a pod of a namespace that istiod does not read. */
export const UNKNOWN_WORKLOAD = 'timed out waiting for workload'

/** The denial of a captured client that ztunnel does not know: it waits for its workload in vain. */
export function unknownClient(
  mesh: Mesh,
  { kind, identity }: Client,
  { to }: AccessRequest,
): Pick<AccessAnswer, 'verdict' | 'hops'> | undefined {
  if (kind !== 'ambient' || !identity || mesh.get(isDiscovered, identity.namespace))
    return undefined
  const [workload] = mesh.workloadsAt(keys.identity(identity.namespace, identity.serviceAccount))
  const hop: Hop = {
    point: 'ztunnel',
    name: workload ? qualifiedName(workload) : formatServiceAccount(identity),
    identity: formatPrincipal(identity),
    port: to.port,
    verdict: 'deny',
    reason: UNKNOWN_WORKLOAD,
    policy: null,
    rule: null,
    place: undefined,
    evidence: [],
  }
  return { verdict: 'deny', hops: [hop] }
}
