import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { waypointListener } from './waypoint-listener.js'

const rule = waypointListener.name

const GATEWAY =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n' +
  '  name: waypoint\n  namespace: shop\nspec:\n  gatewayClassName: istio-waypoint\n' +
  '  listeners:\n'
const listener = (name: string, port: number | string, protocol: string): string =>
  `  - name: ${name} # ours\n    port: ${String(port)}\n    protocol: ${protocol}\n`
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

it('marks the wrong field', () => {
  const { found: marked, expected } = compareMarked(
    `${GATEWAY}  - name: mesh
    port: 15009
#         ^^^^^ waypoint-listener: Traffic through waypoint "shop/waypoint" fails: it has no HBONE listener on port 15008.
    protocol: HBONE
---
${replaceIn(GATEWAY, ['name: waypoint', 'name: second'])}  - name: mesh
    port: 15008
    protocol: HTTP
#             ^^^^ waypoint-listener: Other namespaces cannot use waypoint "shop/second": its listener on port 15008 does not have the protocol HBONE.
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: third
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: http, port: 80, protocol: HTTP}]
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ waypoint-listener: Traffic through waypoint "third" fails: it has no HBONE listener on port 15008.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a Gateway', () => {
  const NO_LISTENER =
    'error: Traffic through waypoint "shop/waypoint" fails: it has no HBONE listener on port 15008.'
  const corp = (controller: string, annotations = ''): string =>
    '---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n' +
    `  name: corp\n${annotations}spec:\n  controllerName: ${controller}\n`
  const binding = '  annotations:\n    ambient.istio.io/waypoint-inbound-binding: PROXY/15088\n'
  const http = GATEWAY + listener('http', 80, 'HTTP')
  const ofClass = replaceIn(http, ['istio-waypoint', 'corp'])
  it.each<[string, string, readonly string[]]>([
    ['a waypoint without the listener', http, [NO_LISTENER]],
    ['a waypoint with this and other listeners', http + listener('mesh', 15008, 'HBONE'), []],
    [
      'a waypoint of a class that a GatewayClass describes',
      ofClass + corp('istio.io/mesh-controller'),
      [NO_LISTENER],
    ],
    ['not of another class', ofClass, []],
    ['not an ingress gateway', replaceIn(http, ['istio-waypoint', 'istio']), []],
    ['not a waypoint with an inbound binding', replaceIn(http, ['spec:', `${binding}spec:`]), []],
    [
      'not a waypoint whose class has an inbound binding',
      replaceIn(ofClass, ['  namespace: shop\n', '  namespace: shop\n']) +
        corp('istio.io/mesh-controller', binding),
      [],
    ],
    [
      'not a manual deployment',
      replaceIn(http, [
        '  listeners:',
        '  addresses:\n  - type: Hostname\n    value: wp.shop\n  listeners:',
      ]),
      [],
    ],
    [
      'not a waypoint whose port another tool fills in',
      GATEWAY + listener('mesh', '"${PORT}"', 'HBONE'),
      [],
    ],
  ])('is checked if it is %s', (_, text, expected) => {
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
])('offers the fix %s', (title, before, after) => {
  expectFixed(GATEWAY + before, { rule, title }, GATEWAY + after)
})
