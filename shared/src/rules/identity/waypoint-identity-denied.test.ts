import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
} from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { waypointIdentityDenied } from './waypoint-identity-denied.js'

const rule = waypointIdentityDenied.name

/** `policy: message` of each finding of the rule. */
function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ place, message, level }) => {
      const name = 'resource' in place ? place.resource.name : '?'
      return `${name}: ${level === 'error' ? '' : `${level}: `}${message}`
    })
}

const from = (accounts: string, more = ''): string =>
  `rules:\n- from:\n  - source:\n      serviceAccounts: [${accounts}]\n${more}`
const selecting = (spec: string): string => `selector:\n  matchLabels:\n    app: api\n${spec}`
const ALLOW_WEB = policyText('allow-web', selecting(from('shop/web')))
const DENIED =
  'allow-web: All traffic through waypoint "shop/waypoint" to workload "api" is denied: ztunnel sees ns/shop/sa/waypoint, not the client.'

const service = (name: string, waypoint: string, more = ''): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
  labels:
    istio.io/use-waypoint: ${waypoint}
${more}spec:
  selector:
    app: api
  ports:
  - port: 80
    targetPort: 8080
`
const gateway = (
  name: string,
  namespace: string,
  routes = '',
): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
${routes}`
const FROM_ALL = '    allowedRoutes:\n      namespaces:\n        from: All\n'

it('marks the clients of a policy that denies the waypoint', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/shop/sa/web"]
#       ^^^^^^^^^^ waypoint-identity-denied: All traffic through waypoint "shop/waypoint" to workload "api" is denied: ztunnel sees ns/shop/sa/waypoint, not the client.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the ALLOW policies of a workload together', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['only a client', [ALLOW_WEB], [DENIED]],
    ['a client, beside a policy that allows only the waypoint', [ALLOW_WEB, COMPANION], []],
    [
      'a client, beside a policy with the principal of the waypoint',
      [
        ALLOW_WEB,
        policyText(
          'companion',
          'rules:\n- from:\n  - source:\n      principals: ["cluster.local/ns/shop/sa/waypoint"]',
        ),
      ],
      [],
    ],
    [
      'a client, beside a principal of the waypoint in an unknown trust domain',
      [
        ALLOW_WEB,
        policyText(
          'companion',
          'rules:\n- from:\n  - source:\n      principals: ["corp.example/ns/shop/sa/waypoint"]',
        ),
      ],
      [],
    ],
    [
      'a client, beside an ALLOW of the root namespace for the waypoint',
      [ALLOW_WEB, policyText('mesh', from('shop/waypoint'), 'istio-system')],
      [],
    ],
    [
      'a client, in the root namespace',
      [policyText('allow-web', from('shop/web'), 'istio-system')],
      [DENIED],
    ],
    ['a client, in the whole namespace', [policyText('allow-web', from('shop/web'))], [DENIED]],
    ['no client', [policyText('nothing', '{}')], []],
    [
      'only a client, beside a policy that allows nothing',
      [ALLOW_WEB, policyText('nothing', '{}')],
      [DENIED],
    ],
    ['every client', [ALLOW_WEB, policyText('everybody', 'rules:\n- {}')], []],
    [
      'every client on a port',
      [policyText('port', 'rules:\n- to:\n  - operation:\n      ports: ["8080"]')],
      [],
    ],
    [
      'a client on a port that no Service has',
      [
        policyText(
          'scrape',
          from('monitoring/prometheus', '  to:\n  - operation:\n      ports: ["15020"]'),
        ),
      ],
      [],
    ],
    [
      'a client on the target port',
      [policyText('allow-web', from('shop/web', '  to:\n  - operation:\n      ports: ["8080"]'))],
      [DENIED],
    ],
    [
      'an IP block, which may contain the waypoint',
      [
        ALLOW_WEB,
        policyText('block', 'rules:\n- from:\n  - source:\n      ipBlocks: ["10.0.0.0/8"]'),
      ],
      [],
    ],
    [
      'a client in an HTTP rule, which ztunnel drops',
      [policyText('allow-web', from('shop/web', '  to:\n  - operation:\n      methods: ["GET"]'))],
      [],
    ],
    [
      'a client of another pod',
      [policyText('allow-web', `selector:\n  matchLabels:\n    app: db\n${from('shop/web')}`)],
      [],
    ],
    [
      'a client at the waypoint',
      [policyText('allow-web', `targetRefs:\n- kind: Service\n  name: api\n${from('shop/web')}`)],
      [],
    ],
    [
      'a client in a dry run',
      [
        policyText('allow-web', from('shop/web')).replace(
          '  name: allow-web\n',
          '  name: allow-web\n  annotations:\n    istio.io/dry-run: "true"\n',
        ),
      ],
      [],
    ],
    [
      'a value that another tool fills in',
      [policyText('allow-web', from('shop/web, "${WAYPOINT}"'))],
      [],
    ],
    [
      'only a client, by a DENY of every other client',
      [
        policyText(
          'deny',
          'action: DENY\nrules:\n- from:\n  - source:\n      notServiceAccounts: [shop/web]',
        ),
      ],
      [DENIED.replace('allow-web', 'deny')],
    ],
    [
      'nothing, beside a DENY of a client',
      [policyText('deny', 'action: DENY\n' + from('shop/web'))],
      [],
    ],
  ])('policies that allow %s', (_, policies, expected) => {
    expect(found([SHOP, ...policies])).toEqual(expected)
  })
})

it('names the port if other ports are not denied', () => {
  const twoPorts = SHOP.replace(
    '      targetPort: 8080\n',
    '      targetPort: 8080\n    - name: admin\n      port: 81\n      targetPort: 9090\n',
  )
  const policy = policyText(
    'allow-web',
    from(
      'shop/web',
      '  to:\n  - operation:\n      ports: ["9090"]\n- to:\n  - operation:\n      ports: ["8080"]',
    ),
  )
  expect(found([twoPorts, policy])).toEqual([
    'allow-web: All traffic on port 9090 through waypoint "shop/waypoint" to workload "api" is denied: ztunnel sees ns/shop/sa/waypoint, not the client.',
  ])
})

describe('the waypoint of the traffic', () => {
  const bare = SHOP.replace('    istio.io/use-waypoint: waypoint\n', '')
  it.each<[string, readonly string[], readonly string[]]>([
    ['no waypoint', [bare, ALLOW_WEB], []],
    [
      'no waypoint for a headless Service',
      [
        SHOP.replace(
          'spec:\n  selector:\n    app: api\n  ports',
          'spec:\n  clusterIP: None\n  selector:\n    app: api\n  ports',
        ),
        ALLOW_WEB,
      ],
      [],
    ],
    [
      'two waypoints of two Services, one of them allowed',
      [
        bare,
        service('public', 'waypoint'),
        service('private', 'second'),
        gateway('second', 'shop'),
        COMPANION,
      ],
      [
        'allow-only-from-waypoint: All traffic through waypoint "shop/second" to workload "api" is denied: ztunnel sees ns/shop/sa/second, not the client.',
      ],
    ],
    [
      'two waypoints of two Services, both allowed',
      [
        bare,
        service('public', 'waypoint'),
        service('private', 'second'),
        gateway('second', 'shop'),
        policyText('both', from('waypoint, second')),
      ],
      [],
    ],
    [
      'a waypoint of another namespace',
      [
        bare,
        service('public', 'shared', '    istio.io/use-waypoint-namespace: infra\n'),
        gateway('shared', 'infra', FROM_ALL),
        ALLOW_WEB,
      ],
      [
        'allow-web: All traffic through waypoint "infra/shared" to workload "api" is denied: ztunnel sees ns/infra/sa/shared, not the client.',
      ],
    ],
    [
      'a waypoint of another namespace that cannot be used',
      [
        bare,
        service('public', 'shared', '    istio.io/use-waypoint-namespace: infra\n'),
        gateway('shared', 'infra'),
        ALLOW_WEB,
      ],
      [],
    ],
    [
      'a waypoint with the service account of the client',
      [
        SHOP.replace(
          '  labels:\n    istio.io/waypoint-for: service\n',
          '  annotations:\n    gateway.istio.io/service-account: web\n',
        ),
        ALLOW_WEB,
      ],
      [],
    ],
    [
      'a waypoint for a pod outside ambient mode',
      [SHOP.replace('dataplane-mode: ambient', 'dataplane-mode: none'), ALLOW_WEB],
      [],
    ],
    [
      'an ingress gateway instead of a waypoint',
      [SHOP.replace('gatewayClassName: istio-waypoint', 'gatewayClassName: istio'), ALLOW_WEB],
      [],
    ],
  ])('traffic through %s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  const canaried = service(
    'public',
    'waypoint',
    '    istio.io/use-waypoint-canary: second\n  annotations:\n    istio.io/use-waypoint-canary-weight: "10"\n',
  )
  const world = [bare, canaried, gateway('second', 'shop'), COMPANION]

  it('reports a canary waypoint, which has its own identity', () => {
    const denied =
      'allow-only-from-waypoint: All traffic through waypoint "shop/second" to workload "api" is denied: ztunnel sees ns/shop/sa/second, not the client.'
    expect(found(world)).toEqual([denied])
    expect(found(world, { settings: { istioVersion: '1.30' } })).toEqual([])
    expect(found(world.map((text) => text.replace('weight: "10"', 'weight: "0"')))).toEqual([])
  })
})

it('reports nothing if istiod adds policies that allow the waypoints', () => {
  expect(
    found([SHOP, ALLOW_WEB], { settings: { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } } }),
  ).toEqual([])
})

it('names the assumptions about ambient mode and the waypoint', () => {
  const [finding] = findingsOf(
    analyse(
      `${SHOP.replace(/^ {4}istio.io\/(dataplane-mode|use-waypoint):.*\n/gm, '    team: shop\n')}---\n${ALLOW_WEB}`,
    ),
  ).filter((other) => other.rule === rule)
  expect(finding).toMatchObject({ level: 'warning' })
  expect(finding?.assumptions).toEqual([
    'namespace "shop" is ambient, because it has the waypoint "waypoint"',
    'namespace "shop" uses the waypoint "waypoint" that lies in it',
  ])
})

const TAIL = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api # the front door
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"] # the shop itself
`

it('offers a fix that moves the policy to the waypoint and allows only the waypoint at ztunnel', () => {
  expectFixed(
    SHOP + TAIL,
    { rule, title: 'Bind to waypoint via targetRefs, allow only traffic from it' },
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"] # the shop itself
---
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

it('offers a fix that adds the waypoint to a list of service accounts', () => {
  const title = "Allow the waypoint's service account"
  expectFixed(
    SHOP + TAIL,
    { rule, title },
    SHOP + TAIL.replace('["shop/web"]', '["shop/web", shop/waypoint]'),
  )
})

it('offers a fix that adds the waypoint as a source beside principals', () => {
  const title = "Allow the waypoint's service account"
  const byPrincipal = TAIL.replace(
    'serviceAccounts: ["shop/web"]',
    'principals: ["*/ns/shop/sa/web"]',
  )
  expectFixed(
    SHOP + byPrincipal,
    { rule, title },
    `${SHOP}${byPrincipal}        - source:
            serviceAccounts:
              - shop/waypoint
`,
  )
})
