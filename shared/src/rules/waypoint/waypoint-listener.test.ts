import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { waypointListener } from './waypoint-listener.js'

const rule = waypointListener.name

const GATEWAY =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: waypoint\n  namespace: shop\nspec:\n  gatewayClassName: istio-waypoint\n  listeners:\n'
const listener = (name: string, port: number | string, protocol: string): string =>
  `  - name: ${name} # ours\n    port: ${String(port)}\n    protocol: ${protocol}\n`
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

it('marks what is wrong', () => {
  const { found: marked, expected } = compareMarked(
    `${GATEWAY}  - name: mesh
    port: 15009
#         ^^^^^ waypoint-listener: Waypoint "shop/waypoint" has no HBONE listener on port 15008: traffic that is sent through it fails.
    protocol: HBONE
---
${GATEWAY.replace('name: waypoint', 'name: second')}  - name: mesh
    port: 15008
    protocol: HTTP
#             ^^^^ waypoint-listener: Waypoint "shop/second" has no HBONE listener on port 15008: istiod does not accept the one there, and other namespaces cannot use it.
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: third
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: http, port: 80, protocol: HTTP}]
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ waypoint-listener: Waypoint "third" has no HBONE listener on port 15008: traffic that is sent through it fails.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('what is judged', () => {
  const LACKS =
    'error: Waypoint "shop/waypoint" has no HBONE listener on port 15008: traffic that is sent through it fails.'
  const corp = (controller: string, annotations = ''): string =>
    `---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n  name: corp\n${annotations}spec:\n  controllerName: ${controller}\n`
  const binding = '  annotations:\n    ambient.istio.io/waypoint-inbound-binding: PROXY/15088\n'
  const http = GATEWAY + listener('http', 80, 'HTTP')
  const ofClass = http.replace('istio-waypoint', 'corp')
  it.each<[string, string, readonly string[]]>([
    ['a waypoint without the listener', http, [LACKS]],
    ['one with it, among others', http + listener('mesh', 15008, 'HBONE'), []],
    [
      'one whose class another object describes',
      ofClass + corp('istio.io/mesh-controller'),
      [LACKS],
    ],
    ['no Gateway of another class', ofClass, []],
    ['no ingress', http.replace('istio-waypoint', 'istio'), []],
    ['none with a binding of its own', http.replace('spec:', `${binding}spec:`), []],
    [
      'none whose class has one',
      ofClass.replace('  namespace: shop\n', '  namespace: shop\n') +
        corp('istio.io/mesh-controller', binding),
      [],
    ],
    [
      'none that somebody deploys by hand',
      http.replace(
        '  listeners:',
        '  addresses:\n  - type: Hostname\n    value: wp.shop\n  listeners:',
      ),
      [],
    ],
    ['none whose port another tool fills in', GATEWAY + listener('mesh', '"${PORT}"', 'HBONE'), []],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})

it.each<[string, string, string]>([
  ['Listen on port 15008', listener('mesh', 15009, 'HBONE'), listener('mesh', 15008, 'HBONE')],
  [
    'Change the protocol to "HBONE"',
    listener('mesh', 15008, 'TLS'),
    listener('mesh', 15008, 'HBONE'),
  ],
  [
    'Add an HBONE listener on port 15008',
    listener('mesh', 80, 'HTTP'),
    `${listener('mesh', 80, 'HTTP')}  - name: hbone\n    port: 15008\n    protocol: HBONE\n`,
  ],
])('%s', (title, before, after) => {
  expectFixed(GATEWAY + before, { rule, title }, GATEWAY + after)
})
