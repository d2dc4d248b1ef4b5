import { expect, it } from 'vitest'
import { applyFix, expectFixed, replaceIn } from '../../testing/index.js'
import { ALLOW_GET, API_SERVICE, SHOP_WITH_WAYPOINT } from '../../testing/allowGetPolicy.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const RULE = 'l7-allow-rule-dropped'
const PLAIN = 'Enforce at the waypoint with targetRefs'
const TITLE = `${PLAIN}: clients that bypass it are then allowed`
/** The fixed document of the policy and the documents after it. */
function policyOf(files: Readonly<Record<string, string>>): string {
  const text = files['test.yaml'] ?? ''
  return text.slice(text.indexOf('# who may read'))
}

it('replaces the selector with targetRefs and container ports with Service ports', () => {
  const files =
    replaceIn(SHOP_WITH_WAYPOINT, ['port: 8080\n---', 'port: 80\n      targetPort: 8080\n---']) +
    ALLOW_GET
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

it('keeps ports that are equal at ztunnel and at the waypoint', () => {
  expect(
    policyOf(expectFixed(SHOP_WITH_WAYPOINT + ALLOW_GET, { rule: RULE, title: TITLE })),
  ).toContain('ports: ["8080"] # the container\'s')
})

it('adds the policy that allows only the waypoint at ztunnel', () => {
  expect(
    policyOf(
      expectFixed(SHOP_WITH_WAYPOINT + ALLOW_GET, {
        rule: RULE,
        title: 'Enforce at the waypoint and allow only traffic from the waypoint',
      }),
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

it('creates a waypoint where there is none', () => {
  const fixed = expectFixed(
    { 'mesh.yaml': AMBIENT_SHOP + API_SERVICE, 'policy.yaml': ALLOW_GET },
    {
      rule: RULE,
      title:
        'Create a waypoint and enforce the policy only there: clients that bypass it are then allowed',
    },
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

it('targets the waypoint for a policy of the whole namespace', () => {
  const policy = replaceIn(ALLOW_GET, [/ {2}selector:\n.*\n.*\n/, ''])
  expect(policyOf(expectFixed(SHOP_WITH_WAYPOINT + policy, { rule: RULE, title: TITLE })))
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

it('targets every Service of the workloads', () => {
  const second = replaceIn(API_SERVICE, ['name: api,', 'name: api-internal,'])
  const fixed = policyOf(
    expectFixed(SHOP_WITH_WAYPOINT + second + replaceIn(ALLOW_GET, [/ +ports: .*\n/, '']), {
      rule: RULE,
      title: TITLE,
    }),
  )
  expect(fixed).toContain('name: api\n')
  expect(fixed).toContain('name: api-internal\n')
})

it('targets a Service whose waypoint is not known from the files', () => {
  const files = replaceIn(
    API_SERVICE + ALLOW_GET,
    [/, namespace: shop/, ''],
    [/ {2}namespace: shop\n/, ''],
  )
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
