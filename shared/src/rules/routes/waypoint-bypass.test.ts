import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  findingsOf,
  replaceIn,
  service,
  type AnalyseOptions,
} from '../../testing/index.js'
import { ALLOW_GET, from, GATEWAY_REF, GET, SERVICE_REF } from '../../testing/waypointPolicies.js'
import { COMPANION, policyText, SHOP, STRICT } from '../support/examples.js'
import { waypointBypass } from './waypoint-bypass.js'

const rule = waypointBypass.name
function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
}

const ANY_CLIENT =
  'This policy can be bypassed: clients of pod IPs and plaintext clients reach ' +
  'workload "api" without waypoint "shop/waypoint".'
const INGRESS =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n' +
  '  name: public\n  namespace: istio-ingress\nspec:\n  gatewayClassName: istio\n' +
  '  listeners: [{name: mesh, port: 15008, protocol: HBONE}]\n'
const SIDECARS =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: legacy\n' +
  '  labels:\n    istio-injection: enabled\n'

it('marks the targetRef', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-delete
  namespace: shop
spec:
  targetRefs:
  - kind: Service
    name: api
#         ^^^ waypoint-bypass: This policy can be bypassed: clients of pod IPs and plaintext clients reach workload "api" without waypoint "shop/waypoint".
  action: DENY
  rules:
  - to:
    - operation:
        methods: ["DELETE"]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the clients that bypass a waypoint', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['every client where no policy requires the waypoint', [ALLOW_GET], [ANY_CLIENT]],
    [
      'every client with an identity under STRICT',
      [ALLOW_GET, STRICT],
      [
        'This policy can be bypassed: clients of pod IPs reach workload "api" without waypoint "shop/waypoint".',
      ],
    ],
    [
      'sidecars and ingress gateways that are in the files',
      [ALLOW_GET, STRICT, INGRESS, SIDECARS],
      [
        'This policy can be bypassed: clients of pod IPs, sidecars and ingress gateways ' +
          'reach workload "api" without waypoint "shop/waypoint".',
      ],
    ],
    [
      'every client where the policy targets the waypoint',
      [policyText('allow-get', GATEWAY_REF + GET)],
      [ANY_CLIENT],
    ],
    ['no client with a companion policy', [ALLOW_GET, COMPANION], []],
    [
      'no client with a companion policy for the namespace',
      [ALLOW_GET, policyText('companion', from('waypoint'))],
      [],
    ],
    [
      'no client with a companion policy for the mesh',
      [ALLOW_GET, policyText('companion', from('shop/waypoint'), 'istio-system')],
      [],
    ],
    [
      'no client with a DENY of all accounts except the waypoint',
      [
        ALLOW_GET,
        policyText(
          'companion',
          'action: DENY\nrules:\n- from:\n  - source:\n      notServiceAccounts: [shop/waypoint]',
        ),
      ],
      [],
    ],
    ['no client where ztunnel denies all traffic', [ALLOW_GET, policyText('nothing', '{}')], []],
    [
      'a client that another ALLOW policy allows',
      [ALLOW_GET, COMPANION, policyText('allow-web', from('shop/web'))],
      [
        'This policy can be bypassed: "allow-web" allows "shop/web" to reach workload ' +
          '"api" without waypoint "shop/waypoint".',
      ],
    ],
    [
      'a namespace that another ALLOW policy allows',
      [
        ALLOW_GET,
        COMPANION,
        policyText('own', 'rules:\n- from:\n  - source:\n      namespaces: [dev, qa]'),
      ],
      [
        'This policy can be bypassed: "own" allows namespace "dev" and namespace "qa" to ' +
          'reach workload "api" without waypoint "shop/waypoint".',
      ],
    ],
    [
      'every client where another ALLOW policy allows all traffic',
      [ALLOW_GET, COMPANION, policyText('everybody', 'rules:\n- {}')],
      [ANY_CLIENT],
    ],
    [
      'every client on a port that another ALLOW policy opens',
      [
        ALLOW_GET,
        COMPANION,
        policyText('open', 'rules:\n- to:\n  - operation:\n      ports: ["8080"]'),
      ],
      [ANY_CLIENT],
    ],
    [
      'no client where only another port is open',
      [
        ALLOW_GET,
        COMPANION,
        policyText('open', 'rules:\n- to:\n  - operation:\n      ports: ["15020"]'),
      ],
      [],
    ],
    [
      'no account that the companion policy allows too, since this is intended',
      [ALLOW_GET, policyText('companion', from('waypoint, shop/batch'))],
      [],
    ],
    [
      'a namespace that the companion policy allows too',
      [
        ALLOW_GET,
        policyText('companion', `${from('waypoint')}  - source:\n      namespaces: [dev]\n`),
      ],
      [
        'This policy can be bypassed: "companion" allows namespace "dev" to reach ' +
          'workload "api" without waypoint "shop/waypoint".',
      ],
    ],
    [
      'no ingress gateway that a policy allows, since this is intended',
      [ALLOW_GET, COMPANION, INGRESS, policyText('ingress', from('istio-ingress/public-istio'))],
      [],
    ],
    [
      'no scraper that a policy allows',
      [ALLOW_GET, COMPANION, policyText('scrape', from('monitoring/prometheus'))],
      [],
    ],
    [
      'no client where an address decides',
      [
        ALLOW_GET,
        COMPANION,
        policyText('block', 'rules:\n- from:\n  - source:\n      ipBlocks: ["10.0.0.0/8"]'),
      ],
      [],
    ],
    [
      'an allowed client where ztunnel denies the waypoint',
      [ALLOW_GET, policyText('allow-web', from('shop/web'))],
      [
        'This policy can be bypassed: "allow-web" allows "shop/web" to reach workload ' +
          '"api" without waypoint "shop/waypoint".',
      ],
    ],
  ])('reports %s', (_, policies, expected) => {
    expect(found([SHOP, ...policies])).toEqual(expected)
  })
})

describe('the traffic that a policy protects', () => {
  const headless = replaceIn(SHOP, [
    'spec:\n  selector:\n    app: api\n  ports',
    'spec:\n  clusterIP: None\n  selector:\n    app: api\n  ports',
  ])
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'no policy that allows everything',
      [SHOP, policyText('everything', `${SERVICE_REF}rules:\n- {}`)],
      [],
    ],
    ['no AUDIT policy', [SHOP, policyText('log', `${SERVICE_REF}action: AUDIT\n${GET}`)], []],
    [
      'no policy of an ingress Gateway',
      [
        SHOP,
        INGRESS,
        policyText(
          'edge',
          replaceIn(GATEWAY_REF, ['name: waypoint', 'name: public']) + GET,
          'istio-ingress',
        ),
      ],
      [],
    ],
    [
      'no Service without a waypoint',
      [replaceIn(SHOP, ['    istio.io/use-waypoint: waypoint\n', '']), ALLOW_GET],
      [],
    ],
    [
      'no Service outside ambient mode',
      [replaceIn(SHOP, ['dataplane-mode: ambient', 'dataplane-mode: none']), ALLOW_GET],
      [],
    ],
    ['no headless Service, whose traffic never uses a waypoint', [headless, ALLOW_GET], []],
    [
      'a Service whose pods also have a headless Service',
      [SHOP, service('shop/api-pods', { app: 'api', spec: { clusterIP: 'None' } }), ALLOW_GET],
      [ANY_CLIENT],
    ],
  ])('checks %s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  it('reports that an external host can be reached by its IP address', () => {
    const entry =
      'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n' +
      '  name: payments\n  namespace: shop\nspec:\n  hosts: [api.payments.example]\n' +
      '  ports:\n  - {number: 443, name: tls, protocol: TLS}\n  resolution: DNS\n'
    const policy = policyText(
      'egress',
      `targetRefs:\n- kind: ServiceEntry\n  group: networking.istio.io\n  name: payments\n${from('shop/web')}`,
    )
    const findings = findingsOf(analyse([SHOP, entry, policy].join('---\n'))).filter(
      (finding) => finding.rule === rule,
    )
    expect(findings).toMatchObject([
      {
        level: 'information',
        message:
          'This policy can be bypassed: clients can call the IP address of ' +
          '"api.payments.example" without waypoint "shop/waypoint".',
      },
    ])
  })
})

describe('a waypoint for Services and workloads', () => {
  const all = replaceIn(SHOP, ['waypoint-for: service', 'waypoint-for: all'])
  const gatewayPolicy = policyText('allow-get', GATEWAY_REF + GET)

  it('protects pod IPs by policies of the Gateway, not by policies of the Service', () => {
    expect(found([all, gatewayPolicy])).toEqual([
      'This policy can be bypassed: plaintext clients reach workload "api" without waypoint "shop/waypoint".',
    ])
    expect(found([all, gatewayPolicy, STRICT])).toEqual([])
    expect(found([all, ALLOW_GET, STRICT])).toEqual([
      'This policy can be bypassed: clients of pod IPs reach workload "api" without waypoint "shop/waypoint".',
    ])
  })
})

it('reports nothing where istiod allows only waypoints, until another ALLOW policy allows clients', () => {
  const options = { settings: { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } } }
  expect(found([SHOP, ALLOW_GET], options)).toEqual([])
  expect(found([SHOP, ALLOW_GET, policyText('allow-web', from('shop/web'))], options)).toEqual([
    'This policy can be bypassed: "allow-web" allows "shop/web" to reach workload ' +
      '"api" without waypoint "shop/waypoint".',
  ])
})

it('reports nothing where a template may add a companion policy', () => {
  const template =
    '---\n{{ if .Values.policy }}\napiVersion: security.istio.io/v1\n' +
    'kind: AuthorizationPolicy\nmetadata:\n  name: x\n{{ end }}\n'
  const files = {
    'shop.yaml': `${SHOP}---\n${ALLOW_GET}`,
    'chart/Chart.yaml': 'name: c\nversion: 1.0.0\n',
    'chart/templates/policy.yaml': template,
  }
  expect(findingsOf(analyse(files)).filter((finding) => finding.rule === rule)).toEqual([])
  expect(
    findingsOf(analyse({ 'shop.yaml': files['shop.yaml'] })).filter(
      (finding) => finding.rule === rule,
    ),
  ).toHaveLength(1)
})
