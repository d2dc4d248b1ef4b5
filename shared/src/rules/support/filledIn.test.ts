import { expect, it } from 'vitest'
import { describeFindings, analyse } from '../../testing/index.js'
import { AMBIENT_SHOP, MESH_STRICT } from './examples.js'

const policy = (
  action: string,
  rule: string,
  annotations = '{}',
): string => `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
  annotations: ${annotations}
spec:
  action: ${action}
  rules:
  - ${rule}
`
const messages = (text: string): string[] =>
  describeFindings(analyse(text)).map((line) => line.replace(/^\S+ /, ''))

it.each([
  ['the action', policy('${ACTION}', 'to: [{operation: {methods: [GET]}}]')],
  [
    'the dry-run annotation',
    policy('ALLOW', 'to: [{operation: {methods: [GET]}}]', '{istio.io/dry-run: "${DRY}"}'),
  ],
  ['the key of a condition', policy('ALLOW', 'when: [{key: "${KEY}", values: [a]}]')],
  ['a port of a DENY', policy('DENY', 'to: [{operation: {methods: [GET], ports: ["${PORT}"]}}]')],
  ['the key of a condition of a DENY', policy('DENY', 'when: [{key: "${KEY}", values: [a]}]')],
])('reports nothing if another tool fills in %s', (_, text) => {
  expect(messages(text)).toEqual([])
})

it('a rule whose ports another tool fills in may allow traffic', () => {
  expect(
    messages(
      `${policy('ALLOW', 'to: [{operation: {methods: [GET]}}]')}  - to: [{operation: {ports: ["\${PORT}"]}}]\n`,
    ),
  ).toEqual([
    'error l7-allow-rule-dropped: This ALLOW rule allows nothing: ' +
      'ztunnel drops it because of the HTTP attribute "methods".',
  ])
})

it('an attribute is an HTTP attribute even if another tool fills in its value', () => {
  expect(
    messages(policy('ALLOW', 'when: [{key: "request.headers[${X}]", values: [a]}]')).length,
  ).toBe(1)
  expect(messages(policy('DENY', 'to: [{operation: {paths: ["${PATH}"]}}]')).length).toBe(1)
})

it('a mode that another tool fills in does not count as overridden STRICT', () => {
  const peer = (name: string, selector: string, mode: string): string =>
    `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${name}, namespace: shop}
spec:${selector}
  mtls: {mode: ${mode}}
---
`
  const text =
    MESH_STRICT +
    AMBIENT_SHOP +
    peer('ns', '', '"${MODE}"') +
    peer('own', '\n  selector: {matchLabels: {app: api}}', 'DISABLE')
  expect(messages(text)).toEqual([
    'warning disable-mode-is-permissive: mTLS stays on in ambient mode: ' +
      'DISABLE acts as PERMISSIVE and only allows plaintext to workload "api".',
  ])
})
