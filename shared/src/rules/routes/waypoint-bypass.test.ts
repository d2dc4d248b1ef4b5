import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
} from '../../testing/index.js'
import { COMPANION, policyText, SHOP, STRICT } from '../support/examples.js'
import { waypointBypass } from './waypoint-bypass.js'

const rule = waypointBypass.name

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
}

const SERVICE_REF = 'targetRefs:\n- kind: Service\n  name: api\n'
const GATEWAY_REF =
  'targetRefs:\n- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint\n'
const GET = 'rules:\n- to:\n  - operation:\n      methods: ["GET"]\n'
const POLICY = policyText('allow-get', SERVICE_REF + GET)
const from = (accounts: string, more = ''): string =>
  `rules:\n- from:\n  - source:\n      serviceAccounts: [${accounts}]\n${more}`
const ALL =
  'Pods by IP and plaintext clients reach workload "api" past waypoint "shop/waypoint" and this policy.'
const INGRESS =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: istio-ingress\nspec:\n  gatewayClassName: istio\n  listeners: []\n'
const SIDECARS =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: legacy\n  labels:\n    istio-injection: enabled\n'

it('marks the target', () => {
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
#         ^^^ waypoint-bypass: Pods by IP and plaintext clients reach workload "api" past waypoint "shop/waypoint" and this policy.
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

describe('who reaches the pods', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['everybody, where nothing demands the waypoint', [POLICY], [ALL]],
    [
      'everybody with an identity under STRICT',
      [POLICY, STRICT],
      ['Pods by IP reach workload "api" past waypoint "shop/waypoint" and this policy.'],
    ],
    [
      'everybody else that is here',
      [POLICY, STRICT, INGRESS, SIDECARS],
      [
        'Pods by IP, sidecars and ingress gateways reach workload "api" past waypoint "shop/waypoint" and this policy.',
      ],
    ],
    ['the same for the waypoint as a target', [policyText('allow-get', GATEWAY_REF + GET)], [ALL]],
    ['nobody, with a companion', [POLICY, COMPANION], []],
    [
      'nobody, with a companion for the namespace',
      [POLICY, policyText('companion', from('waypoint'))],
      [],
    ],
    [
      'nobody, with a companion for the mesh',
      [POLICY, policyText('companion', from('shop/waypoint'), 'istio-system')],
      [],
    ],
    [
      'nobody, with a DENY of all but the waypoint',
      [
        POLICY,
        policyText(
          'companion',
          'action: DENY\nrules:\n- from:\n  - source:\n      notServiceAccounts: [shop/waypoint]',
        ),
      ],
      [],
    ],
    ['nobody, where ztunnel admits nobody', [POLICY, policyText('nothing', '{}')], []],
    [
      'a client that another ALLOW admits',
      [POLICY, COMPANION, policyText('allow-web', from('shop/web'))],
      [
        '"shop/web" reaches workload "api" past waypoint "shop/waypoint" and this policy: "allow-web" admits it directly.',
      ],
    ],
    [
      'a namespace that another ALLOW admits',
      [
        POLICY,
        COMPANION,
        policyText('own', 'rules:\n- from:\n  - source:\n      namespaces: [dev, qa]'),
      ],
      [
        'Namespace "dev" and namespace "qa" reach workload "api" past waypoint "shop/waypoint" and this policy: "own" admits them directly.',
      ],
    ],
    [
      'everybody, where another ALLOW admits everybody',
      [POLICY, COMPANION, policyText('everybody', 'rules:\n- {}')],
      [ALL],
    ],
    [
      'everybody, on a port that another ALLOW opens',
      [
        POLICY,
        COMPANION,
        policyText('open', 'rules:\n- to:\n  - operation:\n      ports: ["8080"]'),
      ],
      [ALL],
    ],
    [
      'nobody, where another port is open',
      [
        POLICY,
        COMPANION,
        policyText('open', 'rules:\n- to:\n  - operation:\n      ports: ["15020"]'),
      ],
      [],
    ],
    [
      "accounts beside the waypoint's, a chosen way",
      [POLICY, policyText('companion', from('waypoint, shop/batch'))],
      [],
    ],
    [
      'a namespace beside the waypoint, no chosen way',
      [
        POLICY,
        policyText('companion', `${from('waypoint')}  - source:\n      namespaces: [dev]\n`),
      ],
      [
        'Namespace "dev" reaches workload "api" past waypoint "shop/waypoint" and this policy: "companion" admits it directly.',
      ],
    ],
    [
      'an ingress gateway that is named, a chosen way',
      [POLICY, COMPANION, INGRESS, policyText('ingress', from('istio-ingress/public-istio'))],
      [],
    ],
    [
      'a scraper that is named',
      [POLICY, COMPANION, policyText('scrape', from('monitoring/prometheus'))],
      [],
    ],
    [
      'clients by address, who may be anybody',
      [
        POLICY,
        COMPANION,
        policyText('block', 'rules:\n- from:\n  - source:\n      ipBlocks: ["10.0.0.0/8"]'),
      ],
      [],
    ],
    [
      'a client without a companion, which the waypoint is refused beside',
      [POLICY, policyText('allow-web', from('shop/web'))],
      [
        '"shop/web" reaches workload "api" past waypoint "shop/waypoint" and this policy: "allow-web" admits it directly.',
      ],
    ],
  ])('%s', (_, policies, expected) => {
    expect(found([SHOP, ...policies])).toEqual(expected)
  })
})

describe('what is protected', () => {
  const headless = SHOP.replace(
    'spec:\n  selector:\n    app: api\n  ports',
    'spec:\n  clusterIP: None\n  selector:\n    app: api\n  ports',
  )
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'nothing, where the policy admits everything',
      [SHOP, policyText('everything', `${SERVICE_REF}rules:\n- {}`)],
      [],
    ],
    [
      'nothing, where it only logs',
      [SHOP, policyText('log', `${SERVICE_REF}action: AUDIT\n${GET}`)],
      [],
    ],
    [
      'nothing behind an ingress Gateway',
      [
        SHOP,
        INGRESS,
        policyText(
          'edge',
          GATEWAY_REF.replace('name: waypoint', 'name: public') + GET,
          'istio-ingress',
        ),
      ],
      [],
    ],
    [
      'nothing, where the Service has no waypoint',
      [SHOP.replace('    istio.io/use-waypoint: waypoint\n', ''), POLICY],
      [],
    ],
    [
      'nothing outside ambient',
      [SHOP.replace('dataplane-mode: ambient', 'dataplane-mode: none'), POLICY],
      [],
    ],
    ['no headless Service, whose traffic never passes a waypoint', [headless, POLICY], []],
    [
      'a Service of which a headless one leads to the same pods',
      [
        SHOP,
        SHOP.slice(SHOP.indexOf('apiVersion: v1\nkind: Service'), SHOP.indexOf('apiVersion: apps'))
          .replace('name: api', 'name: api-pods')
          .replace('spec:', 'spec:\n  clusterIP: None')
          .replace('---\n', ''),
        POLICY,
      ],
      [ALL],
    ],
  ])('%s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  it('an external host: its raw address is all that can be said', () => {
    const entry =
      'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\n  namespace: shop\nspec:\n  hosts: [api.payments.example]\n  ports:\n  - {number: 443, name: tls, protocol: TLS}\n  resolution: DNS\n'
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
          'Clients that dial the address of api.payments.example themselves pass neither waypoint "shop/waypoint" nor this policy.',
      },
    ])
  })
})

describe('a waypoint for workloads too', () => {
  const all = SHOP.replace('waypoint-for: service', 'waypoint-for: all')
  const gatewayPolicy = policyText('allow-get', GATEWAY_REF + GET)

  it('also sees what goes to pods by IP, but not under a policy of the Service', () => {
    expect(found([all, gatewayPolicy])).toEqual([
      'Plaintext clients reach workload "api" past waypoint "shop/waypoint" and this policy.',
    ])
    expect(found([all, gatewayPolicy, STRICT])).toEqual([])
    expect(found([all, POLICY, STRICT])).toEqual([
      'Pods by IP reach workload "api" past waypoint "shop/waypoint" and this policy.',
    ])
  })

  it('is closed against plaintext by STRICT', () => {
    const text = `${all}---\n${gatewayPolicy}`
    expectFixed(
      text,
      { rule, title: 'Set mutual TLS to STRICT' },
      `${text}---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api-strict
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: STRICT
`,
    )
  })
})

it('is silent where istiod admits waypoints itself, until another ALLOW admits clients', () => {
  const options = { settings: { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } } }
  expect(found([SHOP, POLICY], options)).toEqual([])
  expect(found([SHOP, POLICY, policyText('allow-web', from('shop/web'))], options)).toEqual([
    '"shop/web" reaches workload "api" past waypoint "shop/waypoint" and this policy: "allow-web" admits it directly.',
  ])
})

it('is silent where a template may demand the waypoint', () => {
  const template =
    '---\n{{ if .Values.policy }}\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: x\n{{ end }}\n'
  const files = {
    'shop.yaml': `${SHOP}---\n${POLICY}`,
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

it('adds the companion', () => {
  const text = `${SHOP}---\n${POLICY}`
  expectFixed(
    text,
    { rule, title: 'Allow only traffic from the waypoint' },
    `${text}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-only-from-waypoint
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
  - from:
    - source:
        serviceAccounts:
        - shop/waypoint
`,
  )
})

it('moves the policy that undoes the companion', () => {
  const other = policyText(
    'allow-web',
    `selector: # the front door\n  matchLabels:\n    app: api\n${from('shop/web')}`,
  )
  const text = (last: string): string => [SHOP, POLICY, COMPANION, last].join('---\n')
  expectFixed(
    text(other),
    { rule, title: 'Bind "allow-web" to the waypoint via targetRefs' },
    text(
      other.replace(
        '  selector: # the front door\n    matchLabels:\n      app: api\n',
        '  targetRefs:\n  - kind: Service\n    group: ""\n    name: api\n',
      ),
    ),
  )
})
