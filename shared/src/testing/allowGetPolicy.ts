import { SHOP_BEHIND_WAYPOINT } from '../rules/support/examples.js'

/** The Service of the pods in `AMBIENT_SHOP`. Ends with a document marker. */
export const API_SERVICE = `apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
`
/** An ALLOW policy for ztunnel with an HTTP attribute and a container port, and with comments. */
export const ALLOW_GET = `# who may read
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get # of the API
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  # all reads
  action: ALLOW
  rules:
  - to:
    - operation:
        methods: ["GET"]
        ports: ["8080"] # the container's
`
/** The shop behind its waypoint, without a companion policy. Ends with a document marker. */
export const SHOP_WITH_WAYPOINT = SHOP_BEHIND_WAYPOINT.slice(
  0,
  SHOP_BEHIND_WAYPOINT.lastIndexOf('apiVersion: security'),
)
