/** A Namespace in ambient mode. Ends with a document marker. */
export const ambient = (name: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels:
    istio.io/dataplane-mode: ambient
---
`

/** The waypoint `exit` of a namespace, for the namespaces `from`. Ends with a document marker. */
export const exitWaypoint = (
  namespace: string,
  from = 'All',
): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: exit
  namespace: ${namespace}
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      allowedRoutes:
        namespaces:
          from: ${from}
---
`

/**
 * The ServiceEntry `site` for site.example.com. Ends with a document marker.
 *
 * @param spec lines of the spec, indented by two.
 */
export const siteEntry = (
  namespace: string,
  spec = '  resolution: DNS\n',
  labels = '    istio.io/use-waypoint: exit\n',
): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: site
  namespace: ${namespace}
${labels === '' ? '' : `  labels:\n${labels}`}spec:
  hosts:
    - site.example.com
  location: MESH_EXTERNAL
${spec}  ports:
    - number: 80
      name: http
      protocol: HTTP
---
`

/** A Deployment that sends requests. */
export const crawler = (namespace: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: crawler
  namespace: ${namespace}
spec:
  selector:
    matchLabels:
      app: crawler
  template:
    metadata:
      labels:
        app: crawler
    spec:
      containers:
        - name: crawler
          image: registry.example/crawler
`

/** An ALLOW policy for GET requests to the ServiceEntry `site`. Ends with a document marker. */
export const allowGetSite = (namespace: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: ${namespace}
spec:
  targetRefs:
    - group: networking.istio.io
      kind: ServiceEntry
      name: site
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
---
`

/** An install of Istio with ambient mode. Ends with a document marker. */
export const install = (meshConfig: string): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: install
  namespace: istio-system
spec:
  profile: ambient
${meshConfig}---
`
