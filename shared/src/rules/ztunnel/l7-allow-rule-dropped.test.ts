import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, describeFindings, findingsOf } from '../../testing/index.js'
import { l7AllowRuleDropped } from './l7-allow-rule-dropped.js'
import { l7AllowRuleDroppedPage } from './l7-allow-rule-dropped.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const rules = [l7AllowRuleDropped.name]

/** The policy of the istio.io page, alone in its folder. */
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
  text.replace(' name: allow', ' namespace: ambient-demo\n name: allow')
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

it('marks the HTTP attribute and names the workloads that refuse everything', () => {
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
#       ^^^^^^^ l7-allow-rule-dropped: ztunnel drops this ALLOW rule for its HTTP attribute "methods": every connection to workload "api" is denied.
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('the example of the istio.io page', () => {
  it('is right as a layer-4 policy', () => {
    expect(describeFindings(analyse(ALONE))).toEqual([])
    expect(describeFindings(analyse(DEMO + named(ALONE)))).toEqual([])
  })

  it('is a warning with GET, and says what it assumes', () => {
    const [finding, ...others] = findingsOf(analyse(WITH_GET))
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      rule: 'l7-allow-rule-dropped',
      level: 'warning',
      message:
        'ztunnel drops this ALLOW rule for its HTTP attribute "methods": every connection to the workloads it covers is denied.',
      assumptions: ['the namespace it is applied to is ambient'],
      tag: 'unnecessary',
    })
  })

  it('is an error with GET beside its ambient namespace and its workload', () => {
    const [finding, ...others] = findingsOf(analyse(DEMO + named(WITH_GET)))
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      level: 'error',
      message:
        'ztunnel drops this ALLOW rule for its HTTP attribute "methods": every connection to workload "httpbin" is denied.',
      assumptions: [],
    })
    expect(finding?.related.map(({ message }) => message)).toEqual([
      'Namespace "ambient-demo" has istio.io/dataplane-mode: ambient.',
    ])
  })
})

describe('what is refused', () => {
  const messages = (text: string): string[] =>
    findingsOf(analyse(text))
      .filter(({ rule }) => rule === rules[0])
      .map(({ message }) => message.replace(/^.*?: /, ''))

  it('is nothing in particular where another rule or policy still admits somebody', () => {
    expect(
      messages(
        AMBIENT_SHOP +
          allow('a', GET).replace(/\n$/, '\n  - from: [{source: {namespaces: [web]}}]\n'),
      ),
    ).toEqual(['it admits nobody.'])
    expect(
      messages(
        AMBIENT_SHOP + allow('a', GET) + allow('b', 'from: [{source: {namespaces: [web]}}]'),
      ),
    ).toEqual(['it admits nobody.'])
    expect(messages(allow('a', GET) + allow('b', 'from: [{source: {namespaces: [web]}}]'))).toEqual(
      ['it admits nobody.'],
    )
  })

  it('is everything where the other policy admits nobody either, is for other workloads, or is a variant of this one', () => {
    expect(messages(AMBIENT_SHOP + allow('a', GET) + allow('b', GET))).toEqual(
      Array(2).fill('every connection to workload "api" is denied.'),
    )
    expect(
      messages(
        allow('a', GET) +
          allow('b', 'from: [{source: {namespaces: [web]}}]').replace('app: api', 'app: web'),
      ),
    ).toEqual(['every connection to the workloads it covers is denied.'])
    expect(messages(allow('a', GET) + allow('a', 'from: [{source: {namespaces: [web]}}]'))).toEqual(
      ['every connection to the workloads it covers is denied.'],
    )
  })

  it('is not said where a template may render to a policy that admits somebody', () => {
    const files = {
      'mesh.yaml': AMBIENT_SHOP + allow('a', GET),
      'chart/Chart.yaml': 'name: c\n',
      'chart/templates/p.yaml':
        'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: {{ .Release.Name }}\n',
    }
    expect(findingsOf(analyse(files)).map(({ message }) => message)).toEqual([
      'ztunnel drops this ALLOW rule for its HTTP attribute "methods": it admits nobody.',
    ])
  })

  it('counts many workloads and lists them as related facts', () => {
    const pods = ['a', 'b', 'c']
      .map(
        (name) =>
          `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: api}}\n---\n`,
      )
      .join('')
    const [finding] = findingsOf(analyse(AMBIENT_SHOP + pods + allow('a', GET)))
    expect(finding?.message).toContain('every connection to 4 workloads is denied.')
    expect(finding?.related.slice(-4).map(({ message }) => message)).toEqual(
      ['api', 'a', 'b', 'c'].map((name) => `Workload "${name}": every connection is denied.`),
    )
  })

  it('stays short whatever the names are', () => {
    const long = 'x'.repeat(60)
    const text = (
      AMBIENT_SHOP + allow('a', `when: [{key: "request.headers[${long}]", values: [a]}]`)
    ).replaceAll('name: api', `name: ${long}`)
    expect(messages(text).length).toBe(1)
    for (const { message } of findingsOf(analyse(text)))
      expect(message.length).toBeLessThanOrEqual(140)
  })
})

it('speaks once for each dropped rule and of every attribute', () => {
  const findings = findingsOf(
    analyse(
      AMBIENT_SHOP +
        allow('a', 'to: [{operation: {methods: [GET], paths: [/a]}}]').replace(
          /\n$/,
          '\n  - when: [{key: connection.sni, values: [a]}]\n',
        ),
    ),
  )
  expect(findings.map(({ message }) => /"([^"]+)"/.exec(message)?.[1])).toEqual([
    'methods',
    'connection.sni',
  ])
  expect(findings[0]?.related.map(({ message }) => message)).toContain(
    '"paths" is an HTTP attribute too.',
  )
})

it.each([
  [
    'the namespace is not ambient',
    l7AllowRuleDroppedPage.bad.replace('dataplane-mode: ambient', 'dataplane-mode: none'),
  ],
  [
    'the workload opts out',
    l7AllowRuleDroppedPage.bad.replace(
      '      labels:\n        app: api',
      '      labels:\n        app: api\n        istio.io/dataplane-mode: none',
    ),
  ],
  [
    'the policy has targetRefs',
    l7AllowRuleDroppedPage.bad.replace(
      / {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      '  targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ),
  ],
  [
    'the policy is for a gateway',
    l7AllowRuleDroppedPage.bad.replace(/app: api\n {2}action/, 'istio: ingressgateway\n  action'),
  ],
  [
    'the policy is a dry run',
    l7AllowRuleDroppedPage.bad.replace(
      'name: allow-get\n',
      'name: allow-get\n  annotations:\n    istio.io/dry-run: "true"\n',
    ),
  ],
  [
    'the selector is filled in by another tool',
    l7AllowRuleDroppedPage.bad.replace(/app: api\n {2}action/, 'app: ${APP}\n  action'),
  ],
])('is silent where %s', (_, text) => {
  expect(compareMarked(text, { rules }).found).toEqual([])
})

it('offers binding first, where there is a waypoint', () => {
  const [finding] = findingsOf(analyse(l7AllowRuleDroppedPage.bad))
  expect(finding?.fixes.map(({ title, preferred, safe }) => [title, preferred, safe])).toEqual([
    ['Remove the HTTP attribute', false, false],
  ])
})
