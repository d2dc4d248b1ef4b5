import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { portNotServed } from './port-not-served.js'

const rule = portNotServed.name
const NAMESPACE = SHOP.slice(0, SHOP.indexOf('---') + 4)
const SERVICE_REF = 'targetRefs:\n- {kind: Service, name: api}\n'
const GATEWAY_REF =
  'targetRefs:\n- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n'
const CLASS_REF =
  'targetRefs:\n- {kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}\n'
const to = (operation: string, action = 'DENY'): string =>
  `action: ${action}\nrules:\n- to:\n  - operation: {${operation}}\n`
const at80 = to('ports: ["80"]')
const at8080 = to('ports: ["8080"]')

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const CONFUSED =
  'warning: 80 is a port of Service "api", not of a container: ztunnel never sees it at workload "api".'
const SERVICE_PORT =
  'warning: 8080 is a container port, not a port of Service "api": a waypoint never sees it.'

it('marks every value', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  action: DENY
  rules:
  - to:
    - operation:
        ports: ["8080", "80", "9090"]
#                       ^^^^ port-not-served: 80 is a port of Service "api", not of a container: ztunnel never sees it at workload "api".
#                             ^^^^^^ port-not-served: No container of workload "api" has port 9090: ztunnel never sees it.
        notPorts:
        - "80"
#         ^^^^ port-not-served: 80 is a port of Service "api", not of a container: ztunnel never sees it at workload "api".
    when:
    - key: destination.port
      values: ["80"]
#              ^^^^ port-not-served: 80 is a port of Service "api", not of a container: ztunnel never sees it at workload "api".
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('at ztunnel', () => {
  const pod = (spec: string, name = 'other', more = ''): string =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: shop\n  labels: {app: ${name}}\n${more}spec: ${spec}\n`
  const ports = (port: string): string =>
    `{containers: [{name: c, ports: [{containerPort: ${port}}]}]}`
  it.each<[string, readonly string[], readonly string[]]>([
    ['the port of the Service', [SHOP, policyText('p', at80)], [CONFUSED]],
    ['the port of the container', [SHOP, policyText('p', at8080)], []],
    [
      'the port of another pod that is covered',
      [SHOP, pod(ports('80')), policyText('p', at80)],
      [],
    ],
    [
      'the port of another pod that is not',
      [SHOP, pod(ports('80')), policyText('p', `selector: {matchLabels: {app: api}}\n${at80}`)],
      [CONFUSED],
    ],
    [
      'beside a pod that does not tell its ports',
      [SHOP, pod('{containers: [{name: c}]}'), policyText('p', at80)],
      [],
    ],
    [
      'beside a pod whose ports another tool fills in',
      [SHOP, pod(ports('"${PORT}"')), policyText('p', at80)],
      [],
    ],
    [
      'a port that only a probe asks for',
      [
        SHOP.replace(
          '          image: registry.example/api\n',
          '          image: registry.example/api\n          livenessProbe: {httpGet: {port: 9000}}\n',
        ),
        policyText('p', to('ports: ["9000"]')),
      ],
      [],
    ],
    ['a port of proxies', [SHOP, policyText('p', to('ports: ["15020"]'))], []],
    [
      'a port that another tool fills in',
      [SHOP, policyText('p', to('ports: ["${PORT}", "80"]'))],
      [],
    ],
    [
      'a namespace that the files do not describe',
      [SHOP.slice(NAMESPACE.length), policyText('p', at80)],
      [],
    ],
    [
      'a namespace that a release fills',
      [
        SHOP,
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: more\n  namespace: shop\n',
        policyText('p', at80),
      ],
      [],
    ],
    [
      'a namespace with workloads of a kind that is not read',
      [
        SHOP,
        'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: more\n  namespace: shop\n',
        policyText('p', at80),
      ],
      [],
    ],
    [
      'a namespace without ztunnel',
      [SHOP.replace('dataplane-mode: ambient', 'dataplane-mode: none'), policyText('p', at80)],
      [],
    ],
    ['the whole mesh', [SHOP, policyText('p', at80, 'istio-system')], []],
  ])('%s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('at a waypoint', () => {
  const web =
    'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 8080, name: http}]}\n'
  it.each<[string, readonly string[], readonly string[]]>([
    ['the port of the container', [SHOP, policyText('p', SERVICE_REF + at8080)], [SERVICE_PORT]],
    ['the port of the Service', [SHOP, policyText('p', SERVICE_REF + at80)], []],
    [
      'no port at all',
      [SHOP, policyText('p', SERVICE_REF + to('ports: ["9090"]'))],
      ['warning: Service "api" has no port 9090: a waypoint never sees it.'],
    ],
    [
      'the port of another target',
      [SHOP, web, policyText('p', `${SERVICE_REF}- {kind: Service, name: web}\n${at8080}`)],
      [],
    ],
    [
      'no port of two targets',
      [
        SHOP,
        web,
        policyText('p', `${SERVICE_REF}- {kind: Service, name: web}\n${to('ports: ["9090"]')}`),
      ],
      ['warning: None of its targets has port 9090: a waypoint never sees it.'],
    ],
    [
      'beside a target that is not here',
      [SHOP, policyText('p', `${SERVICE_REF}- {kind: Service, name: web}\n${at8080}`)],
      [],
    ],
    [
      'a Service whose ports another tool fills in',
      [SHOP.replace('port: 80\n', 'port: "${PORT}"\n'), policyText('p', SERVICE_REF + at8080)],
      [],
    ],
    ['the whole waypoint', [SHOP, policyText('p', GATEWAY_REF + at8080)], [SERVICE_PORT]],
    [
      'the whole waypoint, which others may use',
      [
        SHOP.replace(
          '      protocol: HBONE\n',
          '      protocol: HBONE\n      allowedRoutes: {namespaces: {from: All}}\n',
        ),
        policyText('p', GATEWAY_REF + at8080),
      ],
      [],
    ],
    [
      'the whole waypoint, which also serves pods',
      [
        SHOP.replace('waypoint-for: service', 'waypoint-for: all'),
        policyText('p', GATEWAY_REF + at8080),
      ],
      [],
    ],
    ['every waypoint', [SHOP, policyText('p', CLASS_REF + at8080, 'istio-system')], []],
    [
      'an ingress gateway',
      [SHOP.replace('istio-waypoint', 'istio'), policyText('p', GATEWAY_REF + at8080)],
      [],
    ],
  ])('%s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('the fix', () => {
  it('names the container port at ztunnel', () => {
    const text = (port: string): string =>
      `${SHOP}---\n${policyText('p', `action: DENY\nrules:\n- to:\n  - operation:\n      ports: ["${port}"] # http`)}`
    expectFixed(text('80'), { rule, title: 'Change to "8080"' }, text('8080'))
  })

  it('names the Service port at a waypoint', () => {
    const text = (port: string): string =>
      [
        SHOP,
        COMPANION,
        policyText(
          'p',
          `${SERVICE_REF}rules:\n- when:\n  - key: destination.port\n    values: ["${port}"]`,
        ),
      ].join('---\n')
    expectFixed(text('8080'), { rule, title: 'Change to "80"' }, text('80'))
  })

  it.each<[string, string, readonly boolean[]]>([
    ['a DENY that begins to stop', at80, [true]],
    ['an ALLOW that begins to admit', to('ports: ["80"]', 'ALLOW'), [false]],
    ['a DENY that begins to spare', to('notPorts: ["80"]'), [false]],
    ['a list that has the port', to('ports: ["80", "8080"]'), []],
  ])('is offered, safe or not: %s', (_, spec, expected) => {
    expect(
      findingsOf(analyse(`${SHOP}---\n${policyText('p', spec)}`))
        .filter((finding) => finding.rule === rule)
        .flatMap(({ fixes }) => fixes.map(({ safe }) => safe)),
    ).toEqual(expected)
  })
})
