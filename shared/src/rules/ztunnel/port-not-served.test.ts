import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
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
const SERVICE_PORT_AT_ZTUNNEL =
  'warning: Port 80 never matches at ztunnel: Service "api" maps it to container port 8080.'
const CONTAINER_PORT_AT_WAYPOINT =
  'warning: Port 8080 never matches at the waypoint: it is a container port, not a port of Service "api".'

it('marks every port that never matches', () => {
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
#                       ^^^^ port-not-served: Port 80 never matches at ztunnel: Service "api" maps it to container port 8080.
#                             ^^^^^^ port-not-served: Port 9090 never matches at ztunnel: no container of workload "api" has this port.
        notPorts:
        - "80"
#         ^^^^ port-not-served: Port 80 never matches at ztunnel: Service "api" maps it to container port 8080.
    when:
    - key: destination.port
      values: ["80"]
#              ^^^^ port-not-served: Port 80 never matches at ztunnel: Service "api" maps it to container port 8080.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('at ztunnel', () => {
  const pod = (spec: string, name = 'other', more = ''): string =>
    `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: {app: ${name}}
${more}spec: ${spec}
`
  const ports = (port: string): string =>
    `{containers: [{name: c, ports: [{containerPort: ${port}}]}]}`
  const labelled = (mode: string, spec: string): string =>
    replaceIn(pod(spec), ['labels: {', `labels: {istio.io/dataplane-mode: ${mode}, `])
  const machine = (annotations: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: vm, namespace: shop, annotations: ${annotations}}\nspec: {address: 192.0.2.7}\n`
  it.each<[string, readonly string[], readonly string[]]>([
    ['the port of the Service', [SHOP, policyText('p', at80)], [SERVICE_PORT_AT_ZTUNNEL]],
    ['the port of the container', [SHOP, policyText('p', at8080)], []],
    [
      'the port of a pod with a sidecar in the scope of the policy',
      [
        SHOP,
        pod(ports('80'), 'other', '  annotations: {sidecar.istio.io/status: "{}"}\n'),
        policyText('p', at80),
      ],
      [],
    ],
    [
      'the port of a pod outside of the mesh',
      [SHOP, labelled('none', ports('80')), policyText('p', at80)],
      [SERVICE_PORT_AT_ZTUNNEL],
    ],
    [
      'a port where a pod is perhaps captured and declares none',
      [SHOP, labelled('"${MODE}"', '{containers: [{name: c}]}'), policyText('p', at80)],
      [],
    ],
    [
      'a port where a machine outside of Kubernetes has a proxy',
      [SHOP, machine('{ambient.istio.io/redirection: enabled}'), policyText('p', at80)],
      [],
    ],
    [
      'a port where a machine outside of Kubernetes has no proxy',
      [SHOP, machine('{}'), policyText('p', at80)],
      [SERVICE_PORT_AT_ZTUNNEL],
    ],
    [
      'the port of another pod in the scope of the policy',
      [SHOP, pod(ports('80')), policyText('p', at80)],
      [],
    ],
    [
      'the port of another pod that the policy does not select',
      [SHOP, pod(ports('80')), policyText('p', `selector: {matchLabels: {app: api}}\n${at80}`)],
      [SERVICE_PORT_AT_ZTUNNEL],
    ],
    [
      'a port beside a pod that declares no ports',
      [SHOP, pod('{containers: [{name: c}]}'), policyText('p', at80)],
      [],
    ],
    [
      'a port beside a pod whose ports another tool fills in',
      [SHOP, pod(ports('"${PORT}"')), policyText('p', at80)],
      [],
    ],
    [
      'a port that only a probe uses',
      [
        replaceIn(SHOP, [
          '          image: registry.example/api\n',
          '          image: registry.example/api\n          livenessProbe: {httpGet: {port: 9000}}\n',
        ]),
        policyText('p', to('ports: ["9000"]')),
      ],
      [],
    ],
    ['a port of sidecars', [SHOP, policyText('p', to('ports: ["15020"]'))], []],
    [
      'a port that another tool fills in',
      [SHOP, policyText('p', to('ports: ["${PORT}", "80"]'))],
      [],
    ],
    [
      'a port in a namespace that is not in the files',
      [SHOP.slice(NAMESPACE.length), policyText('p', at80)],
      [],
    ],
    [
      'a port in a namespace with a HelmRelease',
      [
        SHOP,
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: more\n  namespace: shop\n',
        policyText('p', at80),
      ],
      [],
    ],
    [
      'a port in a namespace with workloads of an unknown kind',
      [
        SHOP,
        'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: more\n  namespace: shop\n',
        policyText('p', at80),
      ],
      [],
    ],
    [
      'a port in a namespace that is not in ambient mode',
      [replaceIn(SHOP, ['dataplane-mode: ambient', 'dataplane-mode: none']), policyText('p', at80)],
      [],
    ],
    ['a port of a policy for the whole mesh', [SHOP, policyText('p', at80, 'istio-system')], []],
  ])('at ztunnel: %s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('at a waypoint', () => {
  const web = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 8080, name: http}]}
`
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'the port of the container',
      [SHOP, policyText('p', SERVICE_REF + at8080)],
      [CONTAINER_PORT_AT_WAYPOINT],
    ],
    ['the port of the Service', [SHOP, policyText('p', SERVICE_REF + at80)], []],
    [
      'a port that the Service does not have',
      [SHOP, policyText('p', SERVICE_REF + to('ports: ["9090"]'))],
      ['warning: Port 9090 never matches at the waypoint: it is not a port of Service "api".'],
    ],
    [
      'the port of another target',
      [SHOP, web, policyText('p', `${SERVICE_REF}- {kind: Service, name: web}\n${at8080}`)],
      [],
    ],
    [
      'a port that neither of two targets has',
      [
        SHOP,
        web,
        policyText('p', `${SERVICE_REF}- {kind: Service, name: web}\n${to('ports: ["9090"]')}`),
      ],
      ['warning: Port 9090 never matches at the waypoint: it is not a port of the targets.'],
    ],
    [
      'a port beside a target that is not in the files',
      [SHOP, policyText('p', `${SERVICE_REF}- {kind: Service, name: web}\n${at8080}`)],
      [],
    ],
    [
      'a port of a Service whose ports another tool fills in',
      [replaceIn(SHOP, ['port: 80\n', 'port: "${PORT}"\n']), policyText('p', SERVICE_REF + at8080)],
      [],
    ],
    [
      'the port of a container in a policy for the Gateway',
      [SHOP, policyText('p', GATEWAY_REF + at8080)],
      [CONTAINER_PORT_AT_WAYPOINT],
    ],
    [
      'the port of a container in a policy for a Gateway of several namespaces',
      [
        replaceIn(SHOP, [
          '      protocol: HBONE\n',
          '      protocol: HBONE\n      allowedRoutes: {namespaces: {from: All}}\n',
        ]),
        policyText('p', GATEWAY_REF + at8080),
      ],
      [],
    ],
    [
      'the port of a container in a policy for a Gateway that also serves workloads',
      [
        replaceIn(SHOP, ['waypoint-for: service', 'waypoint-for: all']),
        policyText('p', GATEWAY_REF + at8080),
      ],
      [],
    ],
    [
      'the port of a container in a policy for every waypoint',
      [SHOP, policyText('p', CLASS_REF + at8080, 'istio-system')],
      [],
    ],
    [
      'the port of a container in a policy for an ingress gateway',
      [replaceIn(SHOP, ['istio-waypoint', 'istio']), policyText('p', GATEWAY_REF + at8080)],
      [],
    ],
  ])('at a waypoint: %s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('the fix', () => {
  it('offers a fix to the container port at ztunnel', () => {
    const text = (port: string): string =>
      `${SHOP}---\n${policyText('p', `action: DENY\nrules:\n- to:\n  - operation:\n      ports: ["${port}"] # http`)}`
    expectFixed(text('80'), { rule, title: 'Change to "8080"' }, text('8080'))
  })

  it('offers a fix to the Service port at a waypoint', () => {
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
    ['a DENY that denies more', at80, [true]],
    ['an ALLOW that allows more', to('ports: ["80"]', 'ALLOW'), [false]],
    ['a DENY that denies less', to('notPorts: ["80"]'), [false]],
    ['no fix for a list that already has the port', to('ports: ["80", "8080"]'), []],
  ])('offers a safe fix only for a DENY that denies more: %s', (_, spec, expected) => {
    expect(
      findingsOf(analyse(`${SHOP}---\n${policyText('p', spec)}`))
        .filter((finding) => finding.rule === rule)
        .flatMap(({ fixes }) => fixes.map(({ safe }) => safe)),
    ).toEqual(expected)
  })
})
