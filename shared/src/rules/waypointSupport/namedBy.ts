import { keys } from '../../inventory/indexKeys.js'
import { podLabels } from '../../mesh/enrolment.js'
import type { Mesh } from '../../mesh/mesh.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy, Condition, Source } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Labels } from '../../resources/resource.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { Identity } from '../../ztunnel/rbac.js'

const CANARY = 'istio.io/use-waypoint-canary'
/** Labels that name a waypoint, with the one beside each that says its namespace. */
const CHOICES = [[USE_WAYPOINT, USE_WAYPOINT_NAMESPACE], [CANARY, `${CANARY}-namespace`]] as const

/** Whether labels of an object in a namespace name a waypoint, or may once another tool has filled them in. */
export function namesWaypoint(labels: Labels | undefined, namespace: string, gateway: Gateway): boolean {
  return CHOICES.some(([choice, choiceNamespace]) => {
    const name = labels?.[choice]
    if (name === undefined) return false
    const where = labels?.[choiceNamespace] ?? namespace
    return (name === gateway.name || isPlaceholder(name)) && (where === gateway.namespace || isPlaceholder(where))
  })
}

/** Whether a Service, ServiceEntry or workload of a namespace names a waypoint itself. */
export function isNamedIn(mesh: Mesh, namespace: string, gateway: Gateway): boolean {
  const objects = [...mesh.inNamespace('Service', namespace), ...mesh.inNamespace('ServiceEntry', namespace)]
  if (objects.some(({ labels }) => namesWaypoint(labels, namespace, gateway))) return true
  return mesh.workloadsAt(keys.workloads(namespace)).some((workload) => namesWaypoint(workload.type === 'WorkloadEntry' ? workload.labels : podLabels(workload), namespace, gateway))
}

/** Whether a policy names an account, by itself or by a pattern that ends with it; a value that another tool fills in may. */
export function namesAccount(policy: AuthorizationPolicy, { namespace, serviceAccount }: Pick<Identity, 'namespace' | 'serviceAccount'>): boolean {
  const wanted = [serviceAccount, `${namespace}/${serviceAccount}`]
  const isIt = (value: string): boolean => isPlaceholder(value) || wanted.includes(value) || value.endsWith(`/sa/${serviceAccount}`)
  const inSource = (source: Source | undefined): boolean => [source?.serviceAccounts, source?.notServiceAccounts, source?.principals, source?.notPrincipals].some((values) => values?.some(isIt))
  const inCondition = ({ key, values, notValues }: Condition): boolean => /^source\.(principal|serviceAccount)$/.test(key) && [...values, ...notValues].some(isIt)
  return policy.rules.some(({ from, when }) => (from ?? []).some(inSource) || (when ?? []).some(inCondition))
}
