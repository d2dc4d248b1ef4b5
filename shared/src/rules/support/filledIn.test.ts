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
const said = (text: string): string[] =>
  describeFindings(analyse(text)).map((line) => line.replace(/^\S+ /, ''))

it.each([
  ['the action is', policy('${ACTION}', 'to: [{operation: {methods: [GET]}}]')],
  [
    'the dry run is',
    policy('ALLOW', 'to: [{operation: {methods: [GET]}}]', '{istio.io/dry-run: "${DRY}"}'),
  ],
  ['the key of a condition is', policy('ALLOW', 'when: [{key: "${KEY}", values: [a]}]')],
  [
    'a port of a DENY is',
    policy('DENY', 'to: [{operation: {methods: [GET], ports: ["${PORT}"]}}]'),
  ],
  ['a condition of a DENY is', policy('DENY', 'when: [{key: "${KEY}", values: [a]}]')],
])('nothing is said where %s filled in by another tool', (_, text) => {
  expect(said(text)).toEqual([])
})

it('a rule whose ports are filled in may admit somebody', () => {
  expect(
    said(
      `${policy('ALLOW', 'to: [{operation: {methods: [GET]}}]')}  - to: [{operation: {ports: ["\${PORT}"]}}]\n`,
    ),
  ).toEqual([
    'error l7-allow-rule-dropped: ztunnel drops this ALLOW rule for its HTTP attribute "methods": it admits nobody.',
  ])
})

it('an HTTP value that is filled in is an HTTP attribute all the same', () => {
  expect(said(policy('ALLOW', 'when: [{key: "request.headers[${X}]", values: [a]}]')).length).toBe(
    1,
  )
  expect(said(policy('DENY', 'to: [{operation: {paths: ["${PATH}"]}}]')).length).toBe(1)
})

it('a mode that is filled in overrides nothing for sure', () => {
  const peer = (name: string, selector: string, mode: string): string =>
    `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: ${name}, namespace: shop}\nspec:${selector}\n  mtls: {mode: ${mode}}\n---\n`
  const text =
    MESH_STRICT +
    AMBIENT_SHOP +
    peer('ns', '', '"${MODE}"') +
    peer('own', '\n  selector: {matchLabels: {app: api}}', 'DISABLE')
  expect(said(text)).toEqual([
    'warning disable-mode-is-permissive: Ambient cannot disable mTLS: like PERMISSIVE, DISABLE only permits plaintext to workload "api".',
  ])
})
