import { keys } from '../../inventory/indexKeys.js'
import { WAYPOINT_CLASS } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { settingsOf } from '../../mesh/settings.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'

const GATEWAY_API = 'gateway.networking.k8s.io'

/** Policies that a waypoint enforces for all its traffic: those for the Gateway, and those of the root namespace for the class `istio-waypoint`. */
export function policiesOfGateway(mesh: Mesh, gateway: Gateway): AuthorizationPolicy[] {
  const root = mesh.get(settingsOf, '').rootNamespace
  return [
    ...targeting(mesh, gateway.namespace, { group: GATEWAY_API, kind: 'Gateway', name: gateway.name }).filter((policy) => policy.targetRefs.some((ref) => ref.name === gateway.name && (ref.namespace ?? policy.namespace) === gateway.namespace)),
    ...targeting(mesh, root, { group: GATEWAY_API, kind: 'GatewayClass', name: WAYPOINT_CLASS }),
  ]
}

/** Policies for a Service or ServiceEntry, which its waypoint enforces (`policyattachment.go:123-201`). */
export function policiesOfService(mesh: Mesh, service: Service | ServiceEntry): AuthorizationPolicy[] {
  const group = service.type === 'Service' ? '' : 'networking.istio.io'
  return targeting(mesh, service.namespace, { group, kind: service.type, name: service.name })
}

function targeting(mesh: Mesh, namespace: string, target: { group: string; kind: string; name: string }): AuthorizationPolicy[] {
  const found = mesh.at('AuthorizationPolicy', keys.targeting(namespace, target.kind, target.name))
  return [...new Set(found)].filter((policy) => policy.targetRefs.some((ref) => ref.group === target.group && ref.kind === target.kind && ref.name === target.name))
}
