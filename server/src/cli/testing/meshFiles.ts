/** A small mesh: one namespace in ambient mode with a Deployment. */
export const NAMESPACE_AND_API = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {serviceAccountName: api}
`

/** Two findings with safe fixes in one document. */
export const DISABLED = `apiVersion: security.istio.io/v1beta1   # as it was
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: DISABLE
`

/** `DISABLED` after the safe fixes. */
export const DISABLED_FIXED = `apiVersion: security.istio.io/v1   # as it was
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
`

/** An error without a safe fix. */
export const ALLOW_GET = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  selector: {matchLabels: {app: api}}
  rules:
    - to:
        - operation:
            methods: [GET]
`
