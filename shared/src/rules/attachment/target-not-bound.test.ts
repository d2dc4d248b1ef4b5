import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  Views,
  type AnalyseOptions,
} from '../../testing/index.js'
import { policyText, SHOP, withServiceLabel } from '../support/examples.js'
import { targetNotBound } from './target-not-bound.js'

const rule = targetNotBound.name

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
}

const NOT_BOUND = 'This policy is not enforced for Service "api", which is not bound to a waypoint.'
const POLICY = policyText(
  'allow-get',
  'targetRefs:\n- kind: Service\n  group: ""\n  name: api\nrules:\n- to:\n  - operation:\n      methods: [GET]',
)
const BARE = replaceIn(SHOP, ['    istio.io/use-waypoint: waypoint\n', ''])
const OTHER =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: other\n  labels:\n    istio.io/dataplane-mode: ambient\n'
const ENTRY = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts: [api.payments.example]
`

it('marks the targets without a waypoint', () => {
  const { found: marked, expected } = compareMarked(
    `${BARE}---
${ENTRY}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
  - kind: Service
    name: api
#         ^^^ target-not-bound: This policy is not enforced for Service "api", which is not bound to a waypoint.
  - kind: ServiceEntry
    group: networking.istio.io
    name: payments
#         ^^^^^^^^ target-not-bound: This policy is not enforced for ServiceEntry "payments", which is not bound to a waypoint.
  - kind: Gateway
    group: gateway.networking.k8s.io
    name: waypoint
#         ^^^^^^^^ target-not-bound: This policy is not enforced: no traffic passes waypoint "shop/waypoint", because nothing is bound to it.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the waypoint of the target', () => {
  it.each<[string, readonly string[], AnalyseOptions, readonly string[]]>([
    ['with the waypoint of its namespace', [SHOP, POLICY], {}, []],
    [
      'with its own label for a waypoint',
      [withServiceLabel(BARE, 'istio.io/use-waypoint: waypoint'), POLICY],
      {},
      [],
    ],
    ['without a waypoint', [BARE, POLICY], {}, [NOT_BOUND]],
    [
      'that opts out of the waypoint',
      [withServiceLabel(SHOP, 'istio.io/use-waypoint: none'), POLICY],
      {},
      [NOT_BOUND],
    ],
    [
      'with a waypoint that does not exist',
      [withServiceLabel(SHOP, 'istio.io/use-waypoint: waypont'), POLICY],
      {},
      [NOT_BOUND],
    ],
    [
      'with a waypoint that serves only workloads',
      [replaceIn(SHOP, ['waypoint-for: service', 'waypoint-for: workload']), POLICY],
      {},
      [],
    ],
    [
      'with a waypoint for no traffic',
      [replaceIn(SHOP, ['waypoint-for: service', 'waypoint-for: none']), POLICY],
      {},
      [NOT_BOUND],
    ],
    [
      'without a waypoint in a namespace without mesh labels, if other namespaces have them',
      [
        replaceIn(BARE, ['    istio.io/dataplane-mode: ambient\n', '    team: shop\n']),
        OTHER,
        POLICY,
      ],
      {},
      [NOT_BOUND],
    ],
    [
      'without a waypoint in a namespace that may be labelled elsewhere',
      [replaceIn(BARE, ['    istio.io/dataplane-mode: ambient\n', '    team: shop\n']), POLICY],
      {},
      [],
    ],
    [
      'without a waypoint in a namespace that is not in the files',
      [BARE.slice(BARE.indexOf('---') + 4), POLICY],
      {},
      [],
    ],
    [
      'without a waypoint in an unknown namespace, if the files are the whole mesh',
      [BARE.slice(BARE.indexOf('---') + 4), POLICY],
      { world: 'closed' },
      [NOT_BOUND],
    ],
    ['that is not in the files', [BARE, replaceIn(POLICY, ['name: api', 'name: web'])], {}, []],
    [
      'of type ExternalName',
      [
        replaceIn(BARE, [
          'spec:\n  selector:\n    app: api\n  ports',
          'spec:\n  type: ExternalName\n  selector:\n    app: api\n  ports',
        ]),
        POLICY,
      ],
      {},
      [],
    ],
  ])('a Service %s', (_, documents, options, expected) => {
    expect(found(documents, options)).toEqual(expected)
  })
})

it('offers a fix that binds the Service to the existing waypoint', () => {
  expectFixed(
    `${BARE}---\n${POLICY}`,
    { rule, title: 'Use waypoint "shop/waypoint" for "api"' },
    `${withServiceLabel(BARE, 'istio.io/use-waypoint: waypoint')}---\n${POLICY}`,
  )
})

it('offers a fix that binds the Service to a waypoint of another namespace', () => {
  const infra = replaceIn(
    BARE,
    ['name: waypoint\n  namespace: shop', 'name: shared\n  namespace: infra'],
    [
      'protocol: HBONE\n',
      'protocol: HBONE\n      allowedRoutes:\n        namespaces:\n          from: All\n',
    ],
  )
  const label = 'istio.io/use-waypoint: shared\n    istio.io/use-waypoint-namespace: infra'
  expectFixed(
    `${infra}---\n${POLICY}`,
    { rule, title: 'Use waypoint "infra/shared" for "api"' },
    `${withServiceLabel(infra, label)}---\n${POLICY}`,
  )
})

it('offers no fix if a policy at ztunnel restricts the clients', () => {
  const client = policyText(
    'allow-web',
    'rules:\n- from:\n  - source:\n      serviceAccounts: [shop/web]',
  )
  const [finding] = findingsOf(analyse([BARE, client, POLICY].join('---\n'))).filter(
    (other) => other.rule === rule,
  )
  expect(finding?.fixes).toEqual([])
})

it('offers a fix that creates a waypoint if there is none', () => {
  const namespace = BARE.slice(0, BARE.indexOf('---'))
  const rest = BARE.slice(BARE.indexOf('apiVersion: v1\nkind: Service'))
  expectFixed(
    [namespace, rest, POLICY].join('---\n'),
    { rule, title: 'Create a waypoint and use it' },
    [
      `${namespace}    istio.io/use-waypoint: waypoint\n`,
      `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  labels:
    istio.io/waypoint-for: service
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
`,
      rest,
      POLICY,
    ].join('---\n'),
  )
})

describe('a waypoint that nothing uses', () => {
  const forGateway = policyText(
    'p',
    'targetRefs:\n- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint\nrules:\n- to:\n  - operation:\n      methods: [GET]',
  )
  const levels = (text: string): string[] =>
    findingsOf(analyse(text))
      .filter((finding) => finding.rule === rule)
      .map(({ level, assumptions }) => [level, ...assumptions].join(': '))
  const fromAccount = (principal: string): string =>
    policyText('companion', `rules:\n- from:\n  - source:\n      principals: ["${principal}"]`)
  const SCRIPT = 'no script binds anything to waypoint "shop/waypoint"'

  it.each<[string, string, readonly string[]]>([
    ['warns about a policy for it', `${BARE}---\n${forGateway}`, [`warning: ${SCRIPT}`]],
    [
      'warns about a policy for a Service beside it',
      `${BARE}---\n${POLICY}`,
      ['warning: no script binds Service "api" to waypoint "shop/waypoint"'],
    ],
    [
      'may be used by a script where a policy allows its account at ztunnel',
      `${BARE}---\n${POLICY}---\n${forGateway}---\n${fromAccount('*/ns/shop/sa/waypoint')}`,
      [],
    ],
    [
      'warns where a policy allows another account',
      `${BARE}---\n${POLICY}---\n${fromAccount('cluster.local/ns/shop/sa/gate')}`,
      ['warning: no script binds Service "api" to waypoint "shop/waypoint"'],
    ],
    [
      'is certain where the files add the labels',
      `${replaceIn(BARE, ['name: api\n  namespace: shop\n', 'name: api\n  namespace: shop\n  labels: {istio.io/use-waypoint: none}\n'])}---\n${POLICY}---\n${forGateway}`,
      ['error', 'error'],
    ],
    ['is used by its namespace', `${SHOP}---\n${forGateway}`, []],
    [
      'may be used by namespaces that the files do not show',
      `${replaceIn(BARE, ['protocol: HBONE\n', 'protocol: HBONE\n      allowedRoutes: {namespaces: {from: All}}\n'])}---\n${forGateway}`,
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(levels(text)).toEqual(expected)
  })

  it('is where the policy is not enforced', () => {
    const views = new Views(`${BARE}---\n${forGateway}`)
    expect(views.explain('AuthorizationPolicy', 'shop', 'p')).toMatchObject({
      summary: 'not enforced',
      targets: [{ why: 'no traffic passes it: nothing is bound to it' }],
    })
  })
})
