import { keys } from '../../inventory/indexKeys.js'
import { podLabels } from '../../mesh/pods.js'
import { classRole, gatewayServiceAccount, isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Identity } from '../../vocabulary/principal.js'

/** Service accounts of gateways in the Helm charts and in Gateway API deployments (docs/semantics.md §7.1). */
const GATEWAY_ACCOUNT =
  /(^|-)(ingress|egress|gateway|ingressgateway|egressgateway|eastwestgateway)(-|$)/

/** Whether an ingress, egress or east-west gateway runs as this account: by the files, else by the account's name. */
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
