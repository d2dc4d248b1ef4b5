import { expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { gatewayPodsUnlabelledPage } from './gateway-pods-unlabelled.page.js'
import { gatewayPodsUnlabelled } from './gateway-pods-unlabelled.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === gatewayPodsUnlabelled.name)
    .map(({ level, message }) => `${level}: ${message}`)

it('gateway-pods-unlabelled reports the bad example of its page', () => {
  expect(found(gatewayPodsUnlabelledPage.bad)).toEqual([
    'error: No proxy enforces this policy: the pods of Gateway "front" do not have the label gateway.networking.k8s.io/gateway-name.',
  ])
})

it('gateway-pods-unlabelled reports nothing for the good example of its page', () => {
  expect(found(gatewayPodsUnlabelledPage.good)).toEqual([])
})

const withoutArrow = replaceIn(gatewayPodsUnlabelledPage.bad, [/ # ←.*/, ''])
const NAME = 'gateway.networking.k8s.io/gateway-name'

it.each<[string, string]>([
  [
    'the address is an IP address: istiod deploys the pods',
    replaceIn(withoutArrow, ['type: Hostname', 'type: IPAddress']),
  ],
  [
    'the Gateway has no address',
    replaceIn(withoutArrow, [/ {2}addresses:[^]*?listeners/, '  listeners']),
  ],
  [
    'no Service has the host name',
    replaceIn(withoutArrow, ['value: front.edge', 'value: other.edge']),
  ],
  [
    'no pod of the Service is in the files',
    replaceIn(withoutArrow, [/apiVersion: apps[^]*?---\n/, '']),
  ],
  [
    'a template may render to the pods',
    `${withoutArrow}---\n{{- if .Values.x }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: y\n{{- end }}\n`,
  ],
  [
    'the Gateway is a waypoint',
    replaceIn(withoutArrow, ['gatewayClassName: istio', 'gatewayClassName: istio-waypoint']),
  ],
  [
    'the policy selects the pods',
    replaceIn(withoutArrow, [
      / {2}targetRefs:[^]*?action/,
      '  selector: {matchLabels: {app: front}}\n  action',
    ]),
  ],
])('reports nothing if %s', (_, text) => {
  expect(found(text)).toEqual([])
})

it('counts the label on the pods alone', () => {
  const onDeployment = replaceIn(withoutArrow, [
    'kind: Deployment\nmetadata:\n',
    `kind: Deployment\nmetadata:\n  labels: {${NAME}: front}\n`,
  ])
  expect(found(onDeployment)).toHaveLength(1)
})

it('warns where only some pods have the label', () => {
  const second = `---
apiVersion: v1
kind: Pod
metadata: {name: second, namespace: edge, labels: {app: front, ${NAME}: front}}
`
  expect(found(withoutArrow + second)).toEqual([
    `warning: Some pods of Gateway "front" do not enforce this policy: they do not have the label ${NAME}.`,
  ])
})

it('reports a RequestAuthentication with a short host name', () => {
  const text = replaceIn(
    withoutArrow,
    ['value: front.edge.svc.cluster.local', 'value: front'],
    [/kind: AuthorizationPolicy/, 'kind: RequestAuthentication'],
    [/ {2}action: ALLOW[^]*$/, '  jwtRules: [{issuer: "https://id.example"}]\n'],
  )
  expect(found(text)).toHaveLength(1)
})

it('reads the host names among several addresses', () => {
  const address = '- type: Hostname\n'
  expect(withoutArrow).toContain(address)
  const ip = '- {type: IPAddress, value: 203.0.113.4}\n    '
  expect(found(replaceIn(withoutArrow, [address, ip + address]))).toHaveLength(1)
  const elsewhere = '- {type: Hostname, value: far.edge.svc.cluster.local}\n    '
  expect(found(replaceIn(withoutArrow, [address, elsewhere + address]))).toEqual([])
})

it('offers a fix that labels the pods', () => {
  const fixed = expectFixed(withoutArrow, {
    rule: gatewayPodsUnlabelled.name,
    title: `Add ${NAME} to the pods`,
  })
  expect(fixed['test.yaml']).toContain(`        istio: ingressgateway\n        ${NAME}: front\n`)
})
