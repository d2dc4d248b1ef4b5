import { expect, it } from 'vitest'
import {
  analyse,
  expectFixed,
  findingsOf,
  replaceAllIn,
  replaceIn,
  Views,
} from '../../testing/index.js'
import { useWaypointOnClientPage } from './use-waypoint-on-client.page.js'
import { useWaypointOnClient } from './use-waypoint-on-client.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === useWaypointOnClient.name)
    .map(({ level, message }) => `${level}: ${message}`)

it('use-waypoint-on-client reports the bad example of its page', () => {
  expect(found(useWaypointOnClientPage.bad)).toEqual([
    'warning: Nothing here is sent through "egress/exit": istio.io/use-waypoint is for traffic to namespace "apps", not from it.',
  ])
})

it('use-waypoint-on-client reports nothing for the good example of its page', () => {
  expect(found(useWaypointOnClientPage.good)).toEqual([])
})

const withoutArrow = replaceIn(useWaypointOnClientPage.bad, [/ # ←.*/, ''])
const ENTRY = /apiVersion: networking[^]*?---\n/
const service = `---
apiVersion: v1
kind: Service
metadata: {name: crawler, namespace: apps}
spec: {selector: {app: crawler}, ports: [{port: 80}]}
`

it.each<[string, string]>([
  ['the namespace has a Service', withoutArrow + service],
  ['a Service has no namespace', withoutArrow + replaceIn(service, [', namespace: apps', ''])],
  ['the namespace has no workload', replaceIn(withoutArrow, [/---\napiVersion: apps[^]*$/, ''])],
  [
    'a template may render to a Service',
    `${withoutArrow}---\n{{- if .Values.x }}\napiVersion: v1\nkind: Service\nmetadata:\n  name: y\n{{- end }}\n`,
  ],
  [
    'the waypoint serves workloads too',
    replaceIn(withoutArrow, [
      'name: exit\n',
      'name: exit\n  labels: {istio.io/waypoint-for: all}\n',
    ]),
  ],
  [
    'the waypoint serves another namespace and has no ServiceEntry beside it',
    `${replaceIn(withoutArrow, [ENTRY, ''])}---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: exit, istio.io/use-waypoint-namespace: egress}}
${replaceAllIn(service, ['apps', 'shop'])}`,
  ],
])('reports nothing if %s', (_, text) => {
  expect(found(text)).toEqual([])
})

it('reports a waypoint that serves nothing else', () => {
  expect(found(replaceIn(withoutArrow, [ENTRY, '']))).toHaveLength(1)
})

it('does not say that policies at the waypoint deny', () => {
  const policy = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: site, namespace: egress}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: exit}]
  rules: [{to: [{operation: {methods: [GET]}}]}]
`
  const explanation = new Views(withoutArrow + policy).explain(
    'AuthorizationPolicy',
    'egress',
    'site',
  )
  expect(explanation).toMatchObject({
    targets: [{ enforcedBy: 'unknown', enforcer: 'egress/exit' }],
    status: { status: 'True' },
  })
  expect(JSON.stringify(explanation)).not.toContain('Everything else is denied')
})

it('offers fixes that bind the ServiceEntries or remove the labels', () => {
  const rule = useWaypointOnClient.name
  const bound = expectFixed(withoutArrow, {
    rule,
    title: 'Bind the ServiceEntries of namespace "egress" to the waypoint',
  })
  expect(bound['test.yaml']).toContain('  labels:\n    istio.io/use-waypoint: exit\nspec:\n  hosts')
  const removed = expectFixed(withoutArrow, { rule, title: 'Remove istio.io/use-waypoint' })
  expect(removed['test.yaml']).not.toContain('use-waypoint')
})
