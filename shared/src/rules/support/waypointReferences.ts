import { keys } from '../../inventory/indexKeys.js'
import { podLabels } from '../../mesh/pods.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Labels } from '../../resources/resource.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { namesAccounts } from './identityFields.js'
import { attributesOf } from './ruleAttributes.js'
import {
  USE_WAYPOINT,
  USE_WAYPOINT_CANARY,
  USE_WAYPOINT_CANARY_NAMESPACE,
  USE_WAYPOINT_NAMESPACE,
} from '../../vocabulary/labels.js'

/** Labels that name a waypoint, each with the label of its namespace. */
const WAYPOINT_LABELS = [
  [USE_WAYPOINT, USE_WAYPOINT_NAMESPACE],
  [USE_WAYPOINT_CANARY, USE_WAYPOINT_CANARY_NAMESPACE],
] as const

/** Whether labels of an object name a waypoint, or may name it after another tool has filled them in. */
export function namesWaypoint(
  labels: Labels | undefined,
  namespace: string,
  gateway: Pick<Gateway, 'name' | 'namespace'>,
): boolean {
  return WAYPOINT_LABELS.some(([nameLabel, namespaceLabel]) => {
    const name = labels?.[nameLabel]
    if (name === undefined) return false
    const waypointNamespace = labels?.[namespaceLabel] ?? namespace
    return (
      (name === gateway.name || isPlaceholder(name)) &&
      (waypointNamespace === gateway.namespace || isPlaceholder(waypointNamespace))
    )
  })
}

/** Whether a label of a Service, ServiceEntry or workload of a namespace names a waypoint. */
export function isNamedInNamespace(mesh: Mesh, namespace: string, gateway: Gateway): boolean {
  const objects = [
    ...mesh.inNamespace('Service', namespace),
    ...mesh.inNamespace('ServiceEntry', namespace),
  ]
  if (objects.some(({ labels }) => namesWaypoint(labels, namespace, gateway))) return true
  return mesh
    .workloadsAt(keys.workloads(namespace))
    .some((workload) => namesWaypoint(podLabels(workload), namespace, gateway))
}

/** Whether a label of another namespace, or of an object there, names a waypoint (`namespace/name`). */
export const isNamedElsewhere = query(
  'waypoint is named elsewhere',
  (mesh, key: string): boolean => {
    const [own = '', name = ''] = key.split('/')
    const names = (labels: Labels | undefined, namespace: string): boolean =>
      namespace !== own && namesWaypoint(labels, namespace, { namespace: own, name })
    return (
      mesh.all('Namespace').some((object) => names(object.labels, object.name)) ||
      [...mesh.all('Service'), ...mesh.all('ServiceEntry')].some(({ labels, namespace }) =>
        names(labels, namespace),
      ) ||
      mesh
        .workloadsAt(keys.allWorkloads())
        .some((workload) => names(podLabels(workload), workload.namespace))
    )
  },
)

const FILLED_IN = ''

/** Values of a policy that may name an account: as `account`, `namespace/account` or `/sa/account`. */
const accountEndings = query(
  'account endings',
  (_, policy: AuthorizationPolicy): readonly string[] => {
    const values = attributesOf(policy)
      .filter(({ attribute }) => namesAccounts(attribute))
      .flatMap((attribute) => attribute.values)
    return [
      ...new Set(
        values.flatMap((value) =>
          isPlaceholder(value) ? [FILLED_IN] : [value, /\/sa\/[^/]*$/.exec(value)?.[0] ?? value],
        ),
      ),
    ]
  },
)

const allAccountEndings = query(
  'account endings of all policies',
  (mesh, _: ''): ReadonlySet<string> => {
    const all = new Set<string>()
    for (const policy of mesh.all('AuthorizationPolicy'))
      for (const ending of mesh.get(accountEndings, policy)) all.add(ending)
    return all
  },
)

/**
 * Whether a policy may name an account (`namespace/name`): literally, by a pattern, or by a value that
 * another tool fills in.
 */
export const isNamedInPolicies = query('account is named', (mesh, account: string): boolean => {
  const endings = mesh.get(allAccountEndings, '')
  const serviceAccount = account.slice(account.lastIndexOf('/') + 1)
  return [FILLED_IN, serviceAccount, account, `/sa/${serviceAccount}`].some((ending) =>
    endings.has(ending),
  )
})
