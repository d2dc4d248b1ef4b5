import { keys } from '../../inventory/indexKeys.js'
import { podLabels } from '../../mesh/pods.js'
import { classRole, gatewayServiceAccount, isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Identity } from '../../vocabulary/principal.js'

/** Names that the Helm charts and the Gateway API deployments give to gateways' accounts (docs/semantics.md §7.1). */
const GATEWAY_ACCOUNT =
  /(^|-)(ingress|egress|gateway|ingressgateway|egressgateway|eastwestgateway)(-|$)/

/** Whether an account is that of an ingress, egress or east-west gateway: the files show it, or its name says so. */
export function isGatewayAccount(mesh: Mesh, { namespace, serviceAccount }: Identity): boolean {
  const gateways = mesh.inNamespace('Gateway', namespace)
  if (
    gateways.some(
      (gateway) =>
        mesh.get(classRole, gateway.gatewayClassName) !== 'waypoint' &&
        mesh.get(gatewayServiceAccount, gateway) === serviceAccount,
    )
  )
    return true
  const pods = mesh.workloadsAt(keys.identity(namespace, serviceAccount))
  return pods.length > 0
    ? pods.every((pod) => isGatewayPod(podLabels(pod)))
    : GATEWAY_ACCOUNT.test(serviceAccount)
}

/** Whether a rule that names an account opens a way past the waypoint on purpose: a gateway, or a scraper, which has no other way. */
export function isChosenClient(mesh: Mesh, identity: Identity): boolean {
  return (
    /prometheus|metrics|scrape/.test(identity.serviceAccount) || isGatewayAccount(mesh, identity)
  )
}
