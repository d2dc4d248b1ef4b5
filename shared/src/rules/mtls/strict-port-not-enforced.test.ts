import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { strictPortNotEnforced } from './strict-port-not-enforced.js'
import { strictPortNotEnforcedPage } from './strict-port-not-enforced.page.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const { name } = strictPortNotEnforced
const bad = withoutArrows(strictPortNotEnforcedPage.bad)
const rules = [name]
const namespaceMode = (mode: string): string =>
  `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ns, namespace: shop}
spec: {mtls: {mode: ${mode}}}
`
const EVERY_PORT = `${MESH_STRICT}${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  portLevelMtls: # for the scraper
    9090:
      mode: PERMISSIVE
${namespaceMode('UNSET')}`

it('marks a STRICT port of a PERMISSIVE workload', () => {
  const { found, expected } = compareMarked(
    `${MESH_STRICT}${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: PERMISSIVE
  portLevelMtls:
    8080:
      mode: STRICT
      #     ^^^^^^ strict-port-not-enforced: Plaintext is accepted on port 8080 of workload "api": istiod does not generate the STRICT policy for this port.
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

it('marks port-level modes with which istiod does not apply a mesh-wide STRICT', () => {
  const found = findingsOf(analyse(EVERY_PORT)).filter(({ rule }) => rule === name)
  expect(found).toMatchObject([
    {
      level: 'error',
      message:
        'Plaintext is accepted on every port of workload "api": ' +
        'istiod does not apply the STRICT of "istio-system/default".',
      place: { path: ['spec', 'portLevelMtls'], on: 'key' },
    },
  ])
  expect(found[0]?.related.map(({ message }) => message)).toContain(
    'This PeerAuthentication of the namespace has no mode.',
  )
})

const denying = (rule: string): string =>
  `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: d, namespace: shop}
spec:
  action: DENY
  rules:
  - ${rule}
`

it.each([
  ['the mode is DISABLE', replaceIn(bad, ['mode: PERMISSIVE', 'mode: DISABLE']), 1],
  ['the namespace is UNSET', bad + namespaceMode('UNSET'), 1],
  ['the namespace is PERMISSIVE', bad + namespaceMode('PERMISSIVE'), 0],
  ['the namespace is STRICT', bad + namespaceMode('STRICT'), 0],
  ['the mesh is not STRICT', replaceIn(bad, [MESH_STRICT, '']), 0],
  ['two ports are STRICT', `${bad}    9090:\n      mode: STRICT\n`, 2],
  [
    'a policy denies plaintext on the port',
    bad +
      denying('{from: [{source: {notPrincipals: ["*"]}}], to: [{operation: {ports: ["8080"]}}]}'),
    0,
  ],
  [
    'a policy denies plaintext on another port',
    bad +
      denying('{from: [{source: {notPrincipals: ["*"]}}], to: [{operation: {ports: ["8081"]}}]}'),
    1,
  ],
  [
    'the workload is not captured',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
    0,
  ],
  [
    'every port accepts plaintext but a policy denies it',
    EVERY_PORT + denying('from: [{source: {notPrincipals: ["*"]}}]'),
    0,
  ],
  [
    'a port is PERMISSIVE and the namespace is STRICT',
    replaceIn(EVERY_PORT, ['UNSET', 'STRICT']),
    0,
  ],
  [
    'a port is PERMISSIVE and the namespace has no PeerAuthentication',
    replaceIn(EVERY_PORT, [namespaceMode('UNSET'), '']),
    0,
  ],
])('reports a STRICT port only if istiod does not enforce it: %s', (_, text, count) => {
  expect(compareMarked(text, { rules }).found.length).toBe(count)
})

it('reports nothing if a template may render to another PeerAuthentication', () => {
  const template = `{{- if .Values.on }}
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: x
{{- end }}
`
  expect(compareMarked({ 'a.yaml': bad, 'b.yaml': template }, { rules }).found).toEqual([])
})

it('offers a safe fix with a policy that denies plaintext on the port', () => {
  expectFixed(
    bad,
    { rule: name, title: 'Deny plaintext with an AuthorizationPolicy' },
    `${bad}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: api-deny-plaintext
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: DENY
  rules:
    - from:
        - source:
            notPrincipals:
              - "*"
      to:
        - operation:
            ports:
              - "8080"
`,
  )
  expect(findingsOf(analyse(bad))[0]?.fixes).toMatchObject([{ preferred: true, safe: true }])
})

it('offers fixes for every port: the mode STRICT, or a policy that denies plaintext', () => {
  const fixed = expectFixed(EVERY_PORT, { rule: name, title: 'Set the mode to STRICT' })
  expect(fixed['test.yaml']).toBe(
    replaceIn(EVERY_PORT, ['  portLevelMtls:', '  mtls:\n    mode: STRICT\n  portLevelMtls:']),
  )
  expect(
    expectFixed(EVERY_PORT, { rule: name, title: 'Deny plaintext with an AuthorizationPolicy' })[
      'test.yaml'
    ],
  ).toMatch(/notPorts:\n +- "9090"\n/)
})

it('the policy that denies plaintext counts for pods that the files do not have', () => {
  const namespace = AMBIENT_SHOP.slice(0, AMBIENT_SHOP.indexOf('---') + 4)
  const text = `${MESH_STRICT}${namespace}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  mtls: {mode: PERMISSIVE}
  portLevelMtls: {9090: {mode: STRICT}}
`
  const fixed = expectFixed(text, {
    rule: name,
    title: 'Deny plaintext with an AuthorizationPolicy',
  })
  expect(fixed['test.yaml']).toContain('kind: AuthorizationPolicy')
})
