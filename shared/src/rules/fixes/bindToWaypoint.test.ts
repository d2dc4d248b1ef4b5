import { expect, it } from 'vitest'
import { analyse, applyFix, expectFixed, findingsOf } from '../../testing/index.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

const RULE = 'l7-allow-rule-dropped'
const TITLE = 'Bind to waypoint via targetRefs'
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
`
const POLICY = `# who may read
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
const WAYPOINT = SHOP_BEHIND_WAYPOINT.slice(
  0,
  SHOP_BEHIND_WAYPOINT.lastIndexOf('apiVersion: security'),
)

/** What became of the policy's document and everything behind it. */
function policyOf(files: Readonly<Record<string, string>>): string {
  const text = files['test.yaml'] ?? ''
  return text.slice(text.indexOf('# who may read'))
}

it('replaces the selector, keeps the rest, and turns container ports into Service ports', () => {
  const files =
    WAYPOINT.replace('port: 8080\n---', 'port: 80\n      targetPort: 8080\n---') + POLICY
  expect(policyOf(expectFixed(files, { rule: RULE, title: TITLE }))).toMatchInlineSnapshot(`
    "# who may read
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: allow-get # of the API
      namespace: shop
    spec:
      targetRefs:
      - kind: Service
        group: ""
        name: api
      # all reads
      action: ALLOW
      rules:
      - to:
        - operation:
            methods: ["GET"]
            ports: ["80"] # the container's
    "
  `)
})

it('leaves ports that are the same on both sides', () => {
  expect(policyOf(expectFixed(WAYPOINT + POLICY, { rule: RULE, title: TITLE }))).toContain(
    'ports: ["8080"] # the container\'s',
  )
})

it('adds the policy that admits only the waypoint at ztunnel', () => {
  expect(
    policyOf(
      expectFixed(WAYPOINT + POLICY, { rule: RULE, title: `${TITLE}, allow only traffic from it` }),
    ),
  ).toMatchInlineSnapshot(`
    "# who may read
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: allow-get # of the API
      namespace: shop
    spec:
      targetRefs:
      - kind: Service
        group: ""
        name: api
      # all reads
      action: ALLOW
      rules:
      - to:
        - operation:
            methods: ["GET"]
            ports: ["8080"] # the container's
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
    "
  `)
})

it('creates the waypoint where there is none', () => {
  const fixed = expectFixed(
    { 'mesh.yaml': AMBIENT_SHOP + SERVICE, 'policy.yaml': POLICY },
    { rule: RULE, title: `${TITLE}, create the waypoint` },
  )
  expect(fixed['mesh.yaml']).toMatchInlineSnapshot(`
    "apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        istio.io/dataplane-mode: ambient
        istio.io/use-waypoint: waypoint
    ---
    apiVersion: gateway.networking.k8s.io/v1
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
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: api
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: api
      template:
        metadata:
          labels:
            app: api
        spec:
          containers:
            - name: api
              image: example/api
              ports:
                - containerPort: 8080
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: api, namespace: shop}
    spec:
      selector: {app: api}
      ports: [{name: http, port: 80, targetPort: 8080}]
    ---
    "
  `)
  expect(fixed['policy.yaml']).toMatchInlineSnapshot(`
    "# who may read
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: allow-get # of the API
      namespace: shop
    spec:
      targetRefs:
      - kind: Service
        group: ""
        name: api
      # all reads
      action: ALLOW
      rules:
      - to:
        - operation:
            methods: ["GET"]
            ports: ["80"] # the container's
    "
  `)
})

it('binds a policy of a whole namespace to its waypoint', () => {
  const policy = POLICY.replace(/ {2}selector:\n.*\n.*\n/, '')
  expect(policyOf(expectFixed(WAYPOINT + policy, { rule: RULE, title: TITLE })))
    .toMatchInlineSnapshot(`
    "# who may read
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: allow-get # of the API
      namespace: shop
    spec:
      targetRefs:
      - kind: Gateway
        group: gateway.networking.k8s.io
        name: waypoint
      # all reads
      action: ALLOW
      rules:
      - to:
        - operation:
            methods: ["GET"]
            ports: ["8080"] # the container's
    "
  `)
})

it('binds to every Service of the workloads', () => {
  const second = SERVICE.replace('name: api,', 'name: api-internal,')
  const fixed = policyOf(
    expectFixed(WAYPOINT + second + POLICY.replace(/ +ports: .*\n/, ''), {
      rule: RULE,
      title: TITLE,
    }),
  )
  expect(fixed).toContain('name: api\n')
  expect(fixed).toContain('name: api-internal\n')
})

it('binds beside an unnamed Service whose waypoint no file tells', () => {
  const files = (SERVICE + POLICY)
    .replace(/, namespace: shop/, '')
    .replace(/ {2}namespace: shop\n/, '')
  expect(policyOf(applyFix(files, { rule: RULE, title: TITLE }))).toMatchInlineSnapshot(`
    "# who may read
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: allow-get # of the API
    spec:
      targetRefs:
      - kind: Service
        group: ""
        name: api
      # all reads
      action: ALLOW
      rules:
      - to:
        - operation:
            methods: ["GET"]
            ports: ["80"] # the container's
    "
  `)
})

function titlesFor(files: string): string[] {
  return findingsOf(analyse(files))
    .filter(({ rule }) => rule === RULE)
    .flatMap(({ fixes }) => fixes.map(({ title }) => title))
}

it.each([
  ['no Service and no waypoint is known', AMBIENT_SHOP + POLICY],
  [
    'the only Service is headless',
    WAYPOINT.replace(
      'spec:\n  selector:\n    app: api\n  ports',
      'spec:\n  clusterIP: None\n  selector:\n    app: api\n  ports',
    ) + POLICY,
  ],
  [
    'a port has no counterpart',
    WAYPOINT.replace('port: 8080\n---', 'port: 80\n      targetPort: 9090\n---') + POLICY,
  ],
  [
    'the same number is another port of a second Service',
    WAYPOINT +
      SERVICE.replace('name: api,', 'name: other,').replace(
        'port: 80, targetPort: 8080',
        'port: 8080, targetPort: 9090',
      ) +
      POLICY,
  ],
  [
    'addresses are asked for, which a waypoint does not see',
    `${WAYPOINT}${POLICY}    from:\n    - source:\n        ipBlocks: ["10.0.0.0/8"]\n`,
  ],
  [
    'the Service opts out of waypoints',
    WAYPOINT.replace(
      'kind: Service\nmetadata:\n',
      'kind: Service\nmetadata:\n  labels:\n    istio.io/use-waypoint: none\n',
    ) + POLICY,
  ],
  [
    'another policy at ztunnel would see a new waypoint in place of its clients',
    `${AMBIENT_SHOP}${SERVICE}${POLICY}---\n${POLICY.replace('allow-get', 'allow-web').replace(/ {2}- to:[^]*/, '  - from:\n    - source:\n        namespaces: ["web"]\n')}`,
  ],
  [
    'another workload of the selector has no Service',
    `${WAYPOINT}${AMBIENT_SHOP.replaceAll('name: api', 'name: worker').replace(/ {8}app: api/, '        app: api\n        tier: back')}${POLICY}`.replace(
      '  selector:\n    app: api\n  ports',
      '  selector:\n    app: api\n    tier: front\n  ports',
    ),
  ],
])('is not offered where %s', (_, files) => {
  expect(findingsOf(analyse(files)).map(({ rule }) => rule)).toContain(RULE)
  expect(titlesFor(files).filter((title) => title.startsWith(TITLE))).toEqual([])
})

it('is safe only where ztunnel enforces nothing of the policy', () => {
  const safety = (files: string): (boolean | undefined)[] =>
    findingsOf(analyse(files))
      .filter(({ rule }) => /^l7-|^action-/.test(rule))
      .map(({ fixes }) => fixes.find(({ title }) => title === TITLE)?.safe)
  expect(safety(WAYPOINT + POLICY)).toEqual([false])
  expect(safety(WAYPOINT + POLICY.replace('ALLOW', 'DENY'))).toEqual([false])
  expect(safety(WAYPOINT + POLICY.replace('ALLOW', 'DENY').replace(/ +ports: .*\n/, ''))).toEqual([
    true,
  ])
  expect(safety(WAYPOINT + POLICY.replace('ALLOW', 'AUDIT'))).toEqual([true])
})
