import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  findingsOf,
  replaceAllIn,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { l7AllowRuleDropped } from './l7-allow-rule-dropped.js'
import { l7AllowRuleDroppedPage } from './l7-allow-rule-dropped.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const rules = [l7AllowRuleDropped.name]
const bad = withoutArrows(l7AllowRuleDroppedPage.bad)

/** The policy of the istio.io page, without its namespace and workload. */
const ALONE = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
 name: allow-sleep-to-httpbin
spec:
 selector:
   matchLabels:
     app: httpbin
 action: ALLOW
 rules:
 - from:
   - source:
       principals:
       - cluster.local/ns/ambient-demo/sa/sleep
`
const WITH_GET = `${ALONE}   to:
   - operation:
       methods: ["GET"]
`
const DEMO = `apiVersion: v1
kind: Namespace
metadata:
  name: ambient-demo
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: httpbin
  namespace: ambient-demo
spec:
  template:
    metadata:
      labels:
        app: httpbin
---
`
const named = (text: string): string =>
  replaceIn(text, [' name: allow', ' namespace: ambient-demo\n name: allow'])
const allow = (name: string, rule: string): string => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  rules:
  - ${rule}
`
const GET = 'to: [{operation: {methods: [GET]}}]'

it('marks the HTTP attribute and names the workloads that deny every connection', () => {
  const { found, expected } = compareMarked(
    `
kind: Namespace
apiVersion: v1
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: v1
kind: Pod
metadata:
  name: api
  namespace: shop
  labels:
    app: api
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  rules:
  - to:
    - operation:
        methods: ["GET"]
#       ^^^^^^^ l7-allow-rule-dropped: Every connection to workload "api" is denied: ztunnel drops this ALLOW rule because of the HTTP attribute "methods".
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('the example of the istio.io page', () => {
  it('the example of the istio.io page has no finding as a layer 4 policy', () => {
    expect(describeFindings(analyse(ALONE))).toEqual([])
    expect(describeFindings(analyse(DEMO + named(ALONE)))).toEqual([])
  })

  it('the example of the istio.io page with GET is a warning with an assumption', () => {
    const [finding, ...others] = findingsOf(analyse(WITH_GET))
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      rule: 'l7-allow-rule-dropped',
      level: 'warning',
      message:
        'Every connection to the selected workloads is denied: ' +
        'ztunnel drops this ALLOW rule because of the HTTP attribute "methods".',
      assumptions: ['the namespace it is applied to is ambient'],
      tag: 'unnecessary',
    })
  })

  it('the example of the istio.io page with GET is an error if its ambient namespace is known', () => {
    const [finding, ...others] = findingsOf(analyse(DEMO + named(WITH_GET)))
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      level: 'error',
      message:
        'Every connection to workload "httpbin" is denied: ' +
        'ztunnel drops this ALLOW rule because of the HTTP attribute "methods".',
      assumptions: [],
    })
    expect(finding?.related.map(({ message }) => message)).toEqual([
      'Namespace "ambient-demo" has istio.io/dataplane-mode: ambient.',
    ])
  })
})

describe('the denied connections', () => {
  const messages = (text: string): string[] =>
    findingsOf(analyse(text))
      .filter(({ rule }) => rule === rules[0])
      .map(({ message }) => message.replace(/: .*$/, ''))

  it('does not say that every connection is denied if another rule or policy allows some', () => {
    expect(
      messages(
        AMBIENT_SHOP +
          replaceIn(allow('a', GET), [/\n$/, '\n  - from: [{source: {namespaces: [web]}}]\n']),
      ),
    ).toEqual(['This ALLOW rule allows nothing'])
    expect(
      messages(
        AMBIENT_SHOP + allow('a', GET) + allow('b', 'from: [{source: {namespaces: [web]}}]'),
      ),
    ).toEqual(['This ALLOW rule allows nothing'])
    expect(messages(allow('a', GET) + allow('b', 'from: [{source: {namespaces: [web]}}]'))).toEqual(
      ['This ALLOW rule allows nothing'],
    )
  })

  it('says that every connection is denied if no other policy of the workloads allows any', () => {
    expect(messages(AMBIENT_SHOP + allow('a', GET) + allow('b', GET))).toEqual(
      Array(2).fill('Every connection to workload "api" is denied'),
    )
    expect(
      messages(
        allow('a', GET) +
          replaceIn(allow('b', 'from: [{source: {namespaces: [web]}}]'), ['app: api', 'app: web']),
      ),
    ).toEqual(['Every connection to the selected workloads is denied'])
    expect(messages(allow('a', GET) + allow('a', 'from: [{source: {namespaces: [web]}}]'))).toEqual(
      ['Every connection to the selected workloads is denied'],
    )
  })

  it('does not say that every connection is denied if a template may add an ALLOW policy', () => {
    const files = {
      'mesh.yaml': AMBIENT_SHOP + allow('a', GET),
      'chart/Chart.yaml': 'name: c\n',
      'chart/templates/p.yaml':
        'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: {{ .Release.Name }}\n',
    }
    expect(findingsOf(analyse(files)).map(({ message }) => message)).toEqual([
      'This ALLOW rule allows nothing: ztunnel drops it because of the HTTP attribute "methods".',
    ])
  })

  it('counts more than two workloads and lists them as related information', () => {
    const pods = ['a', 'b', 'c']
      .map(
        (name) =>
          `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: api}}\n---\n`,
      )
      .join('')
    const [finding] = findingsOf(analyse(AMBIENT_SHOP + pods + allow('a', GET)))
    expect(finding?.message).toContain('Every connection to 4 workloads is denied:')
    expect(finding?.related.slice(-4).map(({ message }) => message)).toEqual(
      ['api', 'a', 'b', 'c'].map((name) => `Workload "${name}": every connection is denied.`),
    )
  })

  it('has a message of at most 140 characters with long names', () => {
    const long = 'x'.repeat(60)
    const text = replaceAllIn(
      AMBIENT_SHOP + allow('a', `when: [{key: "request.headers[${long}]", values: [a]}]`),
      ['name: api', `name: ${long}`],
    )
    expect(messages(text).length).toBe(1)
    for (const { message } of findingsOf(analyse(text)))
      expect(message.length).toBeLessThanOrEqual(140)
  })
})

it('reports each dropped rule once, with all its HTTP attributes', () => {
  const findings = findingsOf(
    analyse(
      AMBIENT_SHOP +
        replaceIn(allow('a', 'to: [{operation: {methods: [GET], paths: [/a]}}]'), [
          /\n$/,
          '\n  - when: [{key: connection.sni, values: [a]}]\n',
        ]),
    ),
  )
  expect(findings.map(({ message }) => /attribute "([^"]+)"/.exec(message)?.[1])).toEqual([
    'methods',
    'connection.sni',
  ])
  expect(findings[0]?.related.map(({ message }) => message)).toContain(
    '"paths" is also an HTTP attribute.',
  )
})

it.each([
  [
    'the namespace is not in ambient mode',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
  ],
  [
    'the workload opts out',
    replaceIn(bad, [
      '      labels:\n        app: api',
      '      labels:\n        app: api\n        istio.io/dataplane-mode: none',
    ]),
  ],
  [
    'the policy has targetRefs',
    replaceIn(bad, [
      / {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      '  targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ]),
  ],
  [
    'the policy is for a gateway',
    replaceIn(bad, [/app: api\n {2}action/, 'istio: ingressgateway\n  action']),
  ],
  [
    'the policy is a dry run',
    replaceIn(bad, [
      'name: allow-get\n',
      'name: allow-get\n  annotations:\n    istio.io/dry-run: "true"\n',
    ]),
  ],
  [
    'the selector is filled in by another tool',
    replaceIn(bad, [/app: api\n {2}action/, 'app: ${APP}\n  action']),
  ],
])('reports nothing if %s', (_, text) => {
  expect(compareMarked(text, { rules }).found).toEqual([])
})

it('prefers to create a waypoint if there is none', () => {
  const [finding] = findingsOf(analyse(bad))
  expect(finding?.fixes.map(({ title, preferred, safe }) => [title, preferred, safe])).toEqual([
    [
      'Create a waypoint, enforce the policy there and allow only traffic from the waypoint',
      true,
      false,
    ],
    [
      'Create a waypoint and enforce the policy only there: clients that bypass it are then allowed',
      false,
      false,
    ],
    ['Remove the HTTP attribute: the rule then allows every request of its clients', false, false],
  ])
})
