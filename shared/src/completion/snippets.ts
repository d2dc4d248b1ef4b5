import { isUnnamed } from '../resources/namespaceId.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Completion } from './completion.js'
import * as known from './known.js'

interface Pattern {
  readonly label: string
  readonly detail: string
  /** With stops: `<service>`, and `<name:deny-all>` for a name with a default. */
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
  name: <name:allow-client>
  namespace: <namespace>
spec:
  selector:
    matchLabels:
      <label>: <labelValue>
  action: ALLOW
  rules:
  - from:
    - source:
        principals:
        - <principal>
`,
  },
  {
    label: 'AuthorizationPolicy: allow at layer 7',
    detail: 'the waypoint allows one service account to use some methods of a Service',
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: <name:allow-client>
  namespace: <namespace>
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: <service>
  action: ALLOW
  rules:
  - from:
    - source:
        principals:
        - <principal>
    to:
    - operation:
        methods: ["<method>"]
`,
  },
  {
    label: 'AuthorizationPolicy: deny all',
    detail: 'deny all traffic to a namespace that no other policy allows',
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: <name:deny-all>
  namespace: <namespace>
spec: {}
`,
  },
  {
    label: 'AuthorizationPolicy: only from the waypoint',
    detail: 'allow only the waypoint, so that it cannot be bypassed',
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: <name:only-from-waypoint>
  namespace: <namespace>
spec:
  selector:
    matchLabels:
      <label>: <labelValue>
  action: ALLOW
  rules:
  - from:
    - source:
        principals:
        - <trustDomain>/ns/<namespace>/sa/<waypoint>
`,
  },
  {
    label: 'PeerAuthentication: strict mTLS',
    detail: 'reject plaintext in a namespace',
    body: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: <name:default>
  namespace: <namespace>
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
  name: <name:waypoint>
  namespace: <namespace>
  labels:
    istio.io/waypoint-for: <traffic>
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
`,
  },
]

/** A stop offers at most this number of names. */
const MAX_CHOICES = 20
const STOP = /<(\w+)(?::([^>]*))?>/g

/** Whole objects, filled with the names of the mesh. `namespace` is the default namespace of the file. */
export function snippets(mesh: Mesh, namespace: string): readonly Completion[] {
  const choices = choicesIn(mesh, isUnnamed(namespace) ? undefined : namespace)
  return PATTERNS.map(({ label, detail, body }) => {
    const numbers = new Map<string, number>()
    const text = body.replace(STOP, (_, stop: string, preset: string | undefined) => {
      const known = numbers.get(stop)
      if (known !== undefined) return `\${${known}}`
      if (stop === 'trustDomain') return mesh.settings.trustDomain
      numbers.set(stop, numbers.size + 1)
      return stopText(numbers.size, preset === undefined ? (choices.get(stop) ?? []) : [preset])
    })
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

/** The values of each stop, the default first. */
function choicesIn(
  mesh: Mesh,
  namespace: string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const namespaces = mesh.get(known.namespaces, '').map(({ value }) => value)
  const place = namespace ?? namespaces[0] ?? 'default'
  const keys = known.labelKeys(mesh, place).map(({ key }) => key)
  const label = USUAL_LABELS.find((key) => keys.includes(key)) ?? keys[0] ?? 'app'
  const names = (kind: string): string[] =>
    known.targets(mesh, place, kind).map(({ value }) => value)
  const waypoints = known
    .waypointNames(mesh, place)
    .flatMap(({ kind, value }) => (kind === 'reference' ? [value] : []))
  return new Map([
    ['namespace', [place, ...namespaces.filter((name) => name !== place)]],
    ['label', [label]],
    [
      'labelValue',
      orElse(
        known
          .labelValues(mesh, place, label)
          .flatMap(({ value }) => (PLAIN.test(value) ? [value] : [])),
        'server',
      ),
    ],
    ['service', orElse(names('Service'), 'server')],
    [
      'principal',
      orElse(
        mesh.get(known.principals, '').map(({ value }) => value),
        `${mesh.settings.trustDomain}/ns/${place}/sa/client`,
      ),
    ],
    ['waypoint', orElse(waypoints, 'waypoint')],
    ['method', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']],
    ['traffic', ['service', 'workload', 'all']],
  ])
}

/** Values that YAML reads as text without quotes. */
const PLAIN = /^[a-z]+[-._][-\w.]*$|^(?!(?:true|false|yes|no|on|off|null|y|n)$)[a-z][a-z0-9]*$/i

const USUAL_LABELS = ['app', 'app.kubernetes.io/name', 'k8s-app']

function orElse(values: readonly string[], value: string): readonly string[] {
  return values.length === 0 ? [value] : values
}

/** `${1:default}`, or `${1|one,two|}`, in the syntax of the Language Server Protocol's snippets. */
function stopText(number: number, [first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return `\${${number}:${first.replace(/[\\$}]/g, '\\$&')}}`
  const options = [first, ...others].slice(0, MAX_CHOICES)
  return `\${${number}|${options.map((option) => option.replace(/[\\$},|]/g, '\\$&')).join(',')}|}`
}

/** The text of a snippet with its default values. */
export function withoutStops(text: string): string {
  const defaults = new Map<string, string>()
  const keep = (number: string, value: string): string => {
    defaults.set(number, value)
    return value
  }
  return text
    .replace(/\$\{(\d+):((?:\\.|[^\\}])*)\}/g, (_, number: string, value: string) =>
      keep(number, value),
    )
    .replace(
      /\$\{(\d+)\|((?:\\.|[^\\,|])*)(?:\\.|[^\\|])*\|\}/g,
      (_, number: string, value: string) => keep(number, value),
    )
    .replace(/\$\{?(\d+)\}?/g, (_, number: string) => defaults.get(number) ?? '')
    .replace(/\\([$}\\,|])/g, '$1')
}
