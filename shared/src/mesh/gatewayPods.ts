import { keys, labelPair } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { Gateway } from '../resources/gateway.js'
import { isUnnamed } from '../resources/namespaceId.js'
import type { Labels } from '../resources/resource.js'
import { isEmptyLabels, matchesLabels, type WorkloadSelector } from '../resources/selector.js'
import { WORKLOAD_KINDS } from '../resources/workload.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { GATEWAY_CLASSES, type GatewayRole } from '../vocabulary/gatewayClasses.js'
import { GENERATED_POD_LABELS, type GeneratedPodLabel } from '../vocabulary/generatedPods.js'
import {
  CANONICAL_NAME,
  CANONICAL_REVISION,
  DATAPLANE_MODE,
  GATEWAY_CLASS_NAME,
  GATEWAY_NAME,
  INJECT,
  MANAGED,
} from '../vocabulary/labels.js'
import { classRole, gatewayServiceName, isManaged } from './gatewayClass.js'
import { query, type Mesh } from './mesh.js'
import { podLabels } from './pods.js'
import { selectWorkloads, serviceOfHost, workloadsOfService } from './services.js'

/** The proxies that labels select; `proxies` where the files do not show which. */
export type Proxies = 'gateways' | 'waypoints' | 'proxies'

/** The labels of the pods of a Gateway (docs/semantics.md §1.8). Pods that a user deploys have its name at most. */
export const gatewayPodLabels = query('gateway pod labels', (mesh, gateway: Gateway): Labels => {
  const { name, gatewayClassName, labels, infrastructureLabels } = gateway
  if (!isManaged(gateway)) return { [GATEWAY_NAME]: name }
  const controller =
    GATEWAY_CLASSES.get(gatewayClassName)?.controller ??
    mesh.named('GatewayClass', '', gatewayClassName)?.controllerName
  return {
    [INJECT]: 'false',
    [DATAPLANE_MODE]: 'none',
    [CANONICAL_NAME]: mesh.get(gatewayServiceName, gateway),
    [CANONICAL_REVISION]: 'latest',
    ...(infrastructureLabels ?? labels),
    [GATEWAY_NAME]: name,
    [GATEWAY_CLASS_NAME]: gatewayClassName,
    ...(controller === undefined ? {} : { [MANAGED]: controller.replace('/', '-') }),
  }
})

/**
 * What kind of proxy has these labels, by a label that no application has; undefined without such a
 * label.
 *
 * @param namespace where the proxies are; undefined for any namespace.
 */
export function proxiesWith(
  mesh: Mesh,
  labels: Labels | undefined,
  namespace: string | undefined,
): Proxies | undefined {
  const kinds = Object.entries(labels ?? {}).flatMap(([label, value]) =>
    GENERATED_POD_LABELS.filter((row) => row.isProof && hasLabel(row, label, value)).map((row) =>
      kindsNamed(mesh, row, { value, namespace }),
    ),
  )
  return (['waypoints', 'gateways', 'proxies'] as const).find((kind) => kinds.includes(kind))
}

function hasLabel(row: GeneratedPodLabel, label: string, value: string): boolean {
  return row.label === label && (row.values === undefined || row.values.includes(value))
}

function kindsNamed(
  mesh: Mesh,
  row: GeneratedPodLabel,
  { value, namespace }: { readonly value: string; readonly namespace: string | undefined },
): Proxies {
  if (row.label === GATEWAY_CLASS_NAME) return proxiesOfRoles([mesh.get(classRole, value)])
  if (row.label === GATEWAY_NAME)
    return proxiesOfRoles(
      gatewaysIn(mesh, namespace)
        .filter(({ name }) => name === value)
        .map(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName)),
    )
  return row.of === 'both' ? 'proxies' : row.of
}

function proxiesOfRoles(roles: readonly (GatewayRole | 'unknown')[]): Proxies {
  if (roles.length === 0 || roles.includes('unknown')) return 'proxies'
  return roles.every((role) => role === 'waypoint') ? 'waypoints' : 'gateways'
}

function gatewaysIn(mesh: Mesh, namespace: string | undefined): readonly Gateway[] {
  return namespace === undefined ? mesh.all('Gateway') : mesh.inNamespace('Gateway', namespace)
}

/** The pods of a Gateway that istiod does not deploy. */
export interface HandDeployedPods {
  /** Those that have its name: only they enforce policies with targetRefs (policyattachment.go:127-134). */
  readonly named: readonly Workload[]
  readonly unnamed: readonly Workload[]
}

/**
 * The pods behind the Services that a Gateway has as its addresses: istiod reads those of the type Hostname
 * (gateway_utils.go extractGatewayServices). Undefined for a Gateway whose pods istiod deploys, and where the files do
 * not show the pods.
 */
export const handDeployedPods = query(
  'hand-deployed pods',
  (mesh, gateway: Gateway): HandDeployedPods | undefined => {
    const hosts = gateway.addresses.filter(({ type }) => type === 'Hostname')
    if (isManaged(gateway)) return undefined
    const behind = hosts.map(({ value }) => {
      const service = serviceOfHost(mesh, gateway.namespace, value)
      return service ? mesh.get(workloadsOfService, service) : []
    })
    const pods = [...new Set(behind.flat())]
    if (pods.length === 0 || behind.some((each) => each.length === 0)) return undefined
    if (WORKLOAD_KINDS.some((kind) => mesh.hasOpaque(kind))) return undefined
    if (pods.some((pod) => Object.keys(podLabels(pod) ?? {}).some(isPlaceholder))) return undefined
    const hasName = (pod: Workload): boolean => {
      const name = podLabels(pod)?.[GATEWAY_NAME]
      return name === gateway.name || isPlaceholder(name ?? '')
    }
    return { named: pods.filter(hasName), unnamed: pods.filter((pod) => !hasName(pod)) }
  },
)

/** An object that selects pods by their labels. */
export interface SelectingObject {
  readonly namespace: string
  readonly selector: WorkloadSelector | undefined
}

/** The Gateways whose pods an object selects. */
export const gatewaysSelected = query(
  'gateways selected',
  (mesh, { namespace, selector }: SelectingObject): readonly Gateway[] => {
    const labels = selector?.matchLabels
    if (labels === undefined || isEmptyLabels(labels)) return []
    return gatewaysIn(mesh, reachOf(mesh, namespace)).filter((gateway) =>
      matchesLabels(labels, mesh.get(gatewayPodLabels, gateway)),
    )
  },
)

/** The namespace of the pods that a policy selects; undefined where it may select pods of any. */
function reachOf(mesh: Mesh, namespace: string): string | undefined {
  return namespace === mesh.settings.rootNamespace || isUnnamed(namespace) ? undefined : namespace
}

/**
 * The proxies that an object selects instead of workloads (docs/knowledge.md §5): its labels are
 * those of generated pods, of a Gateway of either API, and of no workload of the files.
 */
export const proxiesSelected = query(
  'proxies selected',
  (mesh, object: SelectingObject): Proxies | undefined => {
    const labels = object.selector?.matchLabels
    if (labels === undefined || isEmptyLabels(labels)) return undefined
    const reach = reachOf(mesh, object.namespace)
    const proven = proxiesWith(mesh, labels, reach)
    if (proven) return proven
    if (configuredByIstio(mesh, labels)) return 'gateways'
    const gateways = mesh.get(gatewaysSelected, object)
    if (
      gateways.length === 0 ||
      selectWorkloads(mesh, labels, reach).some(
        (workload) => proxiesWith(mesh, podLabels(workload), workload.namespace) === undefined,
      )
    )
      return undefined
    return proxiesOfRoles(
      gateways.map(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName)),
    )
  },
)

/** Whether a Gateway of Istio's own API selects pods with these labels. */
function configuredByIstio(mesh: Mesh, labels: Labels): boolean {
  return Object.entries(labels)
    .flatMap(([key, value]) =>
      mesh.at(
        'Gateway.networking.istio.io',
        keys.gatewaysLabelled('Gateway.networking.istio.io', labelPair(key, value)),
      ),
    )
    .some(
      (gateway) =>
        matchesLabels(gateway.selector, labels) || matchesLabels(labels, gateway.selector),
    )
}

/**
 * Whether a policy is for gateway proxies (docs/knowledge.md §5). False for the labels that only
 * waypoints have, which ignore policies with a selector.
 */
export function isGatewayPolicy(mesh: Mesh, policy: SelectingObject): boolean {
  const proxies = mesh.get(proxiesSelected, policy)
  return proxies !== undefined && proxies !== 'waypoints'
}

/** Whether a policy is for proxies and so not for the workloads of ztunnel. */
export function selectsProxies(mesh: Mesh, policy: SelectingObject): boolean {
  return mesh.get(proxiesSelected, policy) !== undefined
}
