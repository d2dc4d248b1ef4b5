import type { Completion } from './completion.js'

interface Pattern {
  readonly label: string
  readonly detail: string
  readonly body: string
}

/**
 * The patterns of Istio's documentation of ambient mode: "Use Layer 4 security policy", "Use Layer 7 features",
 * "Configure waypoint proxies".
 */
const PATTERNS: readonly Pattern[] = [
  {
    label: 'AuthorizationPolicy: allow at layer 4',
    detail: 'ztunnel allows one service account to reach the selected pods',
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: \${1:allow-client}
  namespace: \${2:default}
spec:
  selector:
    matchLabels:
      \${3:app}: \${4:server}
  action: ALLOW
  rules:
  - from:
    - source:
        principals:
        - \${5:cluster.local/ns/default/sa/client}
`,
  },
  {
    label: 'AuthorizationPolicy: allow at layer 7',
    detail: 'the waypoint allows one service account to use some methods of a Service',
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: \${1:allow-client}
  namespace: \${2:default}
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: \${3:server}
  action: ALLOW
  rules:
  - from:
    - source:
        principals:
        - \${4:cluster.local/ns/default/sa/client}
    to:
    - operation:
        methods: ["\${5:GET}"]
`,
  },
  {
    label: 'AuthorizationPolicy: deny all',
    detail: 'deny all traffic to a namespace that no other policy allows',
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: \${1:deny-all}
  namespace: \${2:default}
spec: {}
`,
  },
  {
    label: 'AuthorizationPolicy: only from the waypoint',
    detail: 'allow only the waypoint, so that it cannot be bypassed',
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: \${1:only-from-waypoint}
  namespace: \${2:default}
spec:
  selector:
    matchLabels:
      \${3:app}: \${4:server}
  action: ALLOW
  rules:
  - from:
    - source:
        principals:
        - cluster.local/ns/\${2:default}/sa/\${5:waypoint}
`,
  },
  {
    label: 'PeerAuthentication: strict mTLS',
    detail: 'reject plaintext in a namespace',
    body: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: \${1:default}
  namespace: \${2:default}
spec:
  mtls:
    mode: STRICT
`,
  },
  {
    label: 'Gateway: waypoint',
    detail: 'a waypoint for the Services of a namespace',
    body: `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: \${1:waypoint}
  namespace: \${2:default}
  labels:
    istio.io/waypoint-for: \${3|service,workload,all|}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
`,
  },
]

/** Whole objects. `namespace` is the default namespace of the file, if it is known. */
export function snippets(context: {
  readonly namespace: string | undefined
  readonly trustDomain: string
}): readonly Completion[] {
  const { namespace, trustDomain } = context
  return PATTERNS.map(({ label, detail, body }) => {
    const placed =
      namespace === undefined
        ? body
        : body
            .replaceAll('${2:default}', `\${2:${namespace}}`)
            .replaceAll('/ns/default/', `/ns/${namespace}/`)
    const text = placed.replaceAll('cluster.local/', `${trustDomain}/`)
    return {
      label,
      kind: 'snippet',
      text,
      snippet: true,
      detail,
      documentation: `\`\`\`yaml\n${withoutStops(text)}\`\`\`\n`,
    }
  })
}

/** The text of a snippet with its default values. */
export function withoutStops(text: string): string {
  return text
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\{?\d+\}?/g, '')
    .replace(/\\([$}\\])/g, '$1')
}
