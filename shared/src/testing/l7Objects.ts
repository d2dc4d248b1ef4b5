import { AMBIENT_SHOP } from '../rules/support/examples.js'

const API_VERSIONS: Readonly<Record<string, string>> = {
  RequestAuthentication: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
  VirtualService: 'networking.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  GRPCRoute: 'gateway.networking.k8s.io/v1',
  Gateway: 'gateway.networking.k8s.io/v1',
  Service: 'v1',
  Namespace: 'v1',
}

/** An object with its spec as YAML, indented by two. */
export function object(kind: string, spec: string, namespace = 'shop', name = 'x'): string {
  return (
    `apiVersion: ${API_VERSIONS[kind] ?? ''}\nkind: ${kind}\nmetadata:\n  name: ${name}\n` +
    `  namespace: ${namespace}\nspec:${spec === '' ? ' {}\n' : `\n${spec}`}`
  )
}

/** The field `selector` of a spec. */
export function selector(label = 'app: api'): string {
  return `  selector:\n    matchLabels:\n      ${label}\n`
}

/** The field `targetRefs` of a spec. */
export function target(kind: string, name: string): string {
  const [group = ''] = (API_VERSIONS[kind] ?? '').split('/v1')
  const coreGroup = kind === 'Service' ? '""' : group
  return `  targetRefs:\n  - kind: ${kind}\n    group: ${coreGroup}\n    name: ${name}\n`
}

export function namespaceWith(name: string, label: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    ${label}\n`
}

/** The Service of the pods in `AMBIENT_SHOP`. */
export const API_SERVICE = object(
  'Service',
  '  selector:\n    app: api\n  ports:\n  - {name: http, port: 80, targetPort: 8080}\n',
  'shop',
  'api',
)

/** An ambient namespace with a workload and its Service, without a waypoint. */
export const SHOP_WITHOUT_WAYPOINT = `${AMBIENT_SHOP}${API_SERVICE}`
