import { expect, it } from 'vitest'
import { analyse, replaceIn } from '../../testing/index.js'
import { applyTextEdits } from '../../yaml/edit/textEdit.js'
import { sourceLookupOf } from '../../analysis/sourceLookup.js'
import { renderEdits } from '../../analysis/renderEdits.js'
import { createWaypoint } from './createWaypoint.js'

const NAMESPACE = `# the shop
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient # enrolled
`
const GATEWAY = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
`
const service = (namespace: string): string => `---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: ${namespace}
  labels:
    istio.io/use-waypoint: waypoint
    istio.io/use-waypoint-namespace: shop
`
const policy = (rule: string): string => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  rules:
  - ${rule}
`

function created(text: string, name?: string): string | undefined {
  const analysis = analyse(text)
  const fix = createWaypoint(analysis.mesh, 'shop', name)
  const [edit] = fix
    ? (renderEdits(
        fix.edits,
        sourceLookupOf(analysis, () => text),
      ) ?? [])
    : []
  return edit && applyTextEdits(text, edit.edits)
}

it('adds the Gateway that istioctl generates and labels the namespace', () => {
  expect(created(NAMESPACE)).toMatchInlineSnapshot(`
    "# the shop
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        istio.io/dataplane-mode: ambient # enrolled
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
    "
  `)
})

it('adds only what is missing', () => {
  expect(created(NAMESPACE + GATEWAY)).toBe(
    replaceIn(NAMESPACE, ['# enrolled\n', '# enrolled\n    istio.io/use-waypoint: waypoint\n']) +
      GATEWAY,
  )
  const labelled = `${NAMESPACE}    istio.io/use-waypoint: inbound\n`
  expect(
    created(labelled, 'inbound')?.startsWith(
      `${labelled}---\napiVersion: gateway.networking.k8s.io/v1\n`,
    ),
  ).toBe(true)
  expect(
    created(`${labelled}${replaceIn(GATEWAY, ['name: waypoint', 'name: inbound'])}`, 'inbound'),
  ).toBeUndefined()
})

it.each([
  ['the Namespace is not in the files', GATEWAY],
  ['the namespace is not in ambient mode', replaceIn(NAMESPACE, ['mode: ambient', 'mode: none'])],
  ['the namespace opts out of waypoints', `${NAMESPACE}    istio.io/use-waypoint: none\n`],
  [
    'a Gateway of this name is not a waypoint',
    NAMESPACE + replaceIn(GATEWAY, ['istio-waypoint', 'istio']),
  ],
  ['another namespace uses a Gateway of this name outside the files', NAMESPACE + service('web')],
  [
    'a policy at ztunnel names clients',
    NAMESPACE + policy('from: [{source: {namespaces: [web]}}]'),
  ],
  [
    'a policy at ztunnel names the client in a condition',
    NAMESPACE + policy('when: [{key: source.principal, values: [a]}]'),
  ],
])('offers no waypoint where %s', (_, text) => {
  expect(created(text)).toBeUndefined()
})

it.each([
  ['an object of the namespace uses its name', NAMESPACE + service('shop')],
  [
    'no Gateway of its name exists outside the files',
    NAMESPACE + replaceIn(GATEWAY, ['name: waypoint', 'name: inbound']) + service('web'),
  ],
])('offers a waypoint where %s', (_, text) => {
  expect(created(text)).toContain('  name: waypoint\n')
})

it('offers a waypoint with a policy that does not name clients', () => {
  expect(created(NAMESPACE + policy('to: [{operation: {ports: ["80"]}}]'))).toBeDefined()
})
