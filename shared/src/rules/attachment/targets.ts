import {
  describedForGateways,
  describedForServiceEntries,
  describedForServices,
} from '../../mesh/described.js'
import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway } from '../../resources/gateway.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { GATEWAY_NAME_OVERRIDE } from '../../vocabulary/annotations.js'

export type TargetKind = 'Service' | 'ServiceEntry' | 'Gateway' | 'GatewayClass'

/** A reference that istiod would look up, with what the files say of it. */
export interface Target {
  readonly kind: TargetKind
  readonly exists: boolean
  /** Whether the files show every object of this kind there. */
  readonly described: boolean
  /** Names that exist. */
  readonly names: readonly string[]
}

/** The API group of each kind that a policy can target. */
export const TARGET_GROUPS: Readonly<Record<TargetKind, string>> = {
  Service: '',
  ServiceEntry: 'networking.istio.io',
  Gateway: 'gateway.networking.k8s.io',
  GatewayClass: 'gateway.networking.k8s.io',
}
/** Classes that istiod makes itself (docs/semantics.md §2.1). */
const BUILT_IN_CLASSES = [
  'istio',
  'istio-remote',
  'istio-waypoint',
  'istio-east-west',
  'istio-agentgateway',
  'istio-agentgateway-waypoint',
]

/** What a target reference of a policy in a namespace leads to; undefined for kinds that no policy can target. */
export function lookUp(
  mesh: Mesh,
  namespace: string,
  { kind, group, name }: PolicyTargetReference,
): Target | undefined {
  if (!isTargetKind(kind) || TARGET_GROUPS[kind] !== group) return undefined
  switch (kind) {
    case 'Service':
      return found(name, {
        kind,
        described: mesh.get(describedForServices, namespace),
        names: serviceNames(mesh, namespace),
      })
    case 'ServiceEntry':
      return found(name, {
        kind,
        described: mesh.get(describedForServiceEntries, namespace),
        names: mesh.inNamespace(kind, namespace).map((entry) => entry.name),
      })
    case 'Gateway':
      return found(name, {
        kind,
        described: mesh.get(describedForGateways, namespace),
        names: mesh.inNamespace(kind, namespace).map((gateway) => gateway.name),
      })
    case 'GatewayClass': {
      // In any other namespace the reference is invalid whatever it names (docs/semantics.md §3.6).
      if (namespace !== mesh.settings.rootNamespace) return undefined
      return found(name, {
        kind,
        described: mesh.world === 'closed',
        names: [...BUILT_IN_CLASSES, ...mesh.all(kind).map((gatewayClass) => gatewayClass.name)],
      })
    }
  }
}

function isTargetKind(kind: string): kind is TargetKind {
  return kind in TARGET_GROUPS
}

function found(name: string, target: Omit<Target, 'exists'>): Target {
  return { ...target, exists: target.names.includes(name) }
}

/** Services of the files, those that istiod makes for Gateways, and the API server's own. */
function serviceNames(mesh: Mesh, namespace: string): string[] {
  const generated = mesh
    .inNamespace('Gateway', namespace)
    .map((gateway) => serviceOf(mesh, gateway))
  return [
    ...mesh.inNamespace('Service', namespace).map(({ name }) => name),
    ...generated,
    ...(namespace === 'default' ? ['kubernetes'] : []),
  ]
}

/** The Service of a Gateway's proxy (deploymentcontroller.go:422-423). */
function serviceOf(mesh: Mesh, { name, gatewayClassName, annotations }: Gateway): string {
  const override = annotations?.[GATEWAY_NAME_OVERRIDE]
  if (override !== undefined && override !== '') return override
  const role = mesh.get(classRole, gatewayClassName)
  return role === 'waypoint' || role === 'east-west' ? name : `${name}-${gatewayClassName}`
}
