/** What the Gateways of a class become. */
export type GatewayRole = 'waypoint' | 'ingress' | 'east-west'

interface GatewayClassFacts {
  readonly controller: string
  readonly role: GatewayRole
}

export const WAYPOINT_CLASS = 'istio-waypoint'
/** The controller of Envoy waypoints: a user's GatewayClass with it makes waypoints too. */
export const MESH_CONTROLLER = 'istio.io/mesh-controller'
export const GATEWAY_CONTROLLER = 'istio.io/gateway-controller'
/** The controller of agentgateway waypoints, which enforce no policies of Istio (docs/semantics.md §2.1). */
export const AGENTGATEWAY_WAYPOINT_CONTROLLER = 'istio.io/agentgateway-waypoint-controller'

/**
 * The GatewayClasses that istiod creates, so that they exist without a file (docs/semantics.md §2.1,
 * `classinfo.go:64-191`). Some exist only with a flag of istiod.
 */
export const GATEWAY_CLASSES: ReadonlyMap<string, GatewayClassFacts> = new Map([
  ['istio', { controller: GATEWAY_CONTROLLER, role: 'ingress' }],
  ['istio-remote', { controller: 'istio.io/unmanaged-gateway', role: 'ingress' }],
  [WAYPOINT_CLASS, { controller: MESH_CONTROLLER, role: 'waypoint' }],
  ['istio-east-west', { controller: 'istio.io/eastwest-controller', role: 'east-west' }],
  ['istio-agentgateway', { controller: 'istio.io/agentgateway-controller', role: 'ingress' }],
  [
    'istio-agentgateway-waypoint',
    { controller: AGENTGATEWAY_WAYPOINT_CONTROLLER, role: 'waypoint' },
  ],
])
