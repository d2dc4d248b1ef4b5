import { expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

const TITLE = 'Split into a ztunnel policy and a waypoint policy'
const WAYPOINT = replaceIn(
  SHOP_BEHIND_WAYPOINT.slice(0, SHOP_BEHIND_WAYPOINT.lastIndexOf('apiVersion: security')),
  ['port: 8080\n---', 'port: 80\n      targetPort: 8080\n---'],
)
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
  # readers
  - to:
    - operation:
        methods: ["GET"]
    when:
    - key: request.headers[x-team]
      values: [shop]
  # the batch job
  - from:
    - source:
        serviceAccounts: [batch]
    to:
    - operation:
        ports: ["8080"]
`

function policyOf(files: Readonly<Record<string, string>>): string {
  const text = files['test.yaml'] ?? ''
  return text.slice(text.indexOf('apiVersion: security'))
}

it('keeps the L4 rules at ztunnel, allows the waypoint there and copies all rules to the waypoint', () => {
  expect(policyOf(expectFixed(WAYPOINT + POLICY, { rule: 'l7-allow-rule-dropped', title: TITLE })))
    .toMatchInlineSnapshot(`
    "apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: api
      action: ALLOW
      rules:
      # readers
      # the batch job
      - from:
        - source:
            serviceAccounts: [batch]
        to:
        - operation:
            ports: ["8080"]
      - from:
        - source:
            serviceAccounts:
            - shop/waypoint
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: api-waypoint
      namespace: shop
    spec:
      targetRefs:
      - kind: Service
        group: ""
        name: api
      action: ALLOW
      rules:
      - to:
        - operation:
            methods:
            - GET
        when:
        - key: "request.headers[x-team]"
          values:
          - shop
      - from:
        - source:
            serviceAccounts:
            - batch
        to:
        - operation:
            ports:
            - "80"
    "
  `)
})

const denying = replaceIn(POLICY, ['ALLOW', 'DENY'], [/ {4}when:\n.*\n.*\n/, ''])

it('keeps what a DENY denies at ztunnel, without the attributes that ztunnel ignores', () => {
  const widened = replaceIn(denying, [
    '  - to:\n    - operation:\n        methods',
    '  - from:\n    - source:\n        serviceAccounts: [reader]\n    to:\n    - operation:\n        ports: ["8080"]\n        methods',
  ])
  expect(policyOf(expectFixed(WAYPOINT + widened, { rule: 'l7-deny-rule-widened', title: TITLE })))
    .toMatchInlineSnapshot(`
    "apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: api
      action: DENY
      rules:
      # readers
      - from:
        - source:
            serviceAccounts: [reader]
        to:
        - operation:
            ports: ["8080"]
      # the batch job
      - from:
        - source:
            serviceAccounts: [batch]
        to:
        - operation:
            ports: ["8080"]
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: api-waypoint
      namespace: shop
    spec:
      targetRefs:
      - kind: Service
        group: ""
        name: api
      action: DENY
      rules:
      - from:
        - source:
            serviceAccounts:
            - reader
        to:
        - operation:
            ports:
            - "80"
            methods:
            - GET
      - from:
        - source:
            serviceAccounts:
            - batch
        to:
        - operation:
            ports:
            - "80"
    "
  `)
})

it('keeps the L4 rules of a DENY beside a rule that denies nothing', () => {
  const fixed = policyOf(
    expectFixed(WAYPOINT + denying, { rule: 'l7-deny-rule-no-effect', title: TITLE }),
  )
  const [kept = '', added = ''] = fixed.split('---\n')
  expect(kept).not.toContain('GET')
  expect(kept).toContain('serviceAccounts: [batch]')
  expect(added).toContain('- GET\n')
})

it('splits no DENY that would deny the waypoint at ztunnel', () => {
  const all = replaceIn(denying, ['methods: ["GET"]', 'methods: ["GET"]\n        ports: ["8080"]'])
  const [finding] = findingsOf(analyse(WAYPOINT + all)).filter(
    ({ rule }) => rule === 'l7-deny-rule-widened',
  )
  expect(finding?.fixes[0]?.title).toBe(
    'Enforce at the waypoint and allow only traffic from the waypoint',
  )
  expect(finding?.fixes.map(({ title }) => title)).not.toContain(TITLE)
})

it.each([
  ['every rule is an L7 rule', WAYPOINT + replaceIn(POLICY, [/ {2}# the batch job[^]*/, ''])],
  ['no waypoint is known', AMBIENT_SHOP + POLICY],
  [
    'a rule has IP addresses',
    WAYPOINT + replaceIn(POLICY, ['serviceAccounts: [batch]', 'ipBlocks: [10.0.0.0/8]']),
  ],
])('offers no split where %s', (_, files) => {
  const dropped = findingsOf(analyse(files)).filter(({ rule }) => rule === 'l7-allow-rule-dropped')
  expect(dropped.length).toBe(1)
  expect(dropped.flatMap(({ fixes }) => fixes.map(({ title }) => title))).not.toContain(TITLE)
})
