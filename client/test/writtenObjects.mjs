// Objects that completion writes from an empty file.

/** `steps`: the completions to accept, in lines with the indentation that a person types. `text`: what is written. */
export const WRITTEN_OBJECTS = [
  {
    name: 'an AuthorizationPolicy',
    file: 'new-policy.yaml',
    steps: `apiVersion › security.istio.io/v1
kind › AuthorizationPolicy
metadata › namespace › bookinfo
  name › allow-to-productpage
spec › targetRefs › kind › Service
    group › ""
    name › productpage
  action › ALLOW
  rules › from › source › serviceAccounts › curl`,
    text: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  namespace: bookinfo
  name: allow-to-productpage
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: productpage
  action: ALLOW
  rules:
  - from:
    - source:
        serviceAccounts:
        - curl`,
  },
  {
    name: 'a PeerAuthentication',
    file: 'new-peers.yaml',
    steps: `kind › PeerAuthentication
apiVersion › security.istio.io/v1
metadata › namespace › bookinfo
  name › default
spec › selector › matchLabels › app › productpage
  mtls › mode › STRICT
  portLevelMtls › 9080 › mode › PERMISSIVE`,
    text: `kind: PeerAuthentication
apiVersion: security.istio.io/v1
metadata:
  namespace: bookinfo
  name: default
spec:
  selector:
    matchLabels:
      app: productpage
  mtls:
    mode: STRICT
  portLevelMtls:
    9080:
      mode: PERMISSIVE`,
  },
  {
    name: 'a waypoint Gateway',
    file: 'new-waypoint.yaml',
    steps: `apiVersion › gateway.networking.k8s.io/v1
kind › Gateway
metadata › name › waypoint
  namespace › bookinfo
  labels › istio.io/waypoint-for › service
spec › gatewayClassName › istio-waypoint
  listeners › name › mesh
    port › 15008
    protocol › HBONE
    allowedRoutes › namespaces › from › Same`,
    text: `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: bookinfo
  labels:
    istio.io/waypoint-for: service
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
    allowedRoutes:
      namespaces:
        from: Same`,
  },
]
