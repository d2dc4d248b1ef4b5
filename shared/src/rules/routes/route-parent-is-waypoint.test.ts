import { describe, expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { SHOP } from '../support/examples.js'
import { routeParentIsWaypointPage } from './route-parent-is-waypoint.page.js'
import { routeParentIsWaypoint } from './route-parent-is-waypoint.js'

const rule = routeParentIsWaypoint.name
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

const ERROR =
  'error: Gateway "waypoint" is a waypoint and takes no routes: this parent has no effect.'

it('route-parent-is-waypoint reports the bad example of its page', () => {
  expect(found(routeParentIsWaypointPage.bad)).toEqual([ERROR])
})

it('route-parent-is-waypoint reports nothing for the good example of its page', () => {
  expect(found(routeParentIsWaypointPage.good)).toEqual([])
})

const route = (
  kind: string,
  parents: string,
  backends = '[{ name: api, port: 80 }]',
): string => `${SHOP}---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: orders, namespace: shop }
spec:
  parentRefs:
${parents}  rules:
  - backendRefs: ${backends}
`
const WAYPOINT = '  - name: waypoint\n'

describe('the kind of the route and the class of the parent', () => {
  it.each(['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'])('%s is reported', (kind) => {
    expect(found(route(kind, WAYPOINT))).toEqual([ERROR])
  })

  it('a class of the user with the controller of waypoints is reported', () => {
    const text = `${replaceIn(route('HTTPRoute', WAYPOINT), ['gatewayClassName: istio-waypoint', 'gatewayClassName: mine'])}---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: mine }
spec: { controllerName: istio.io/mesh-controller }
`
    expect(found(text)).toEqual([ERROR])
  })

  it.each(['istio', 'istio-agentgateway-waypoint', 'kgateway-waypoint', 'unknown'])(
    'class %s is not reported',
    (name) => {
      const text = route('HTTPRoute', WAYPOINT)
      expect(found(replaceIn(text, ['istio-waypoint', name]))).toEqual([])
    },
  )

  it.each([
    ['another namespace', '  - { name: waypoint, namespace: other }\n'],
    ['a Service', '  - { group: "", kind: Service, name: waypoint }\n'],
    ['a name that another tool fills in', '  - name: "{{ name }}"\n'],
  ])('%s is not reported', (_, parents) => {
    expect(found(route('HTTPRoute', parents))).toEqual([])
  })
})

describe('fixes', () => {
  it('the only backend becomes the parent', () => {
    expectFixed(
      routeParentIsWaypointPage.bad,
      { rule, title: 'Use Service "api" as the parent' },
      replaceIn(routeParentIsWaypointPage.good, [
        '    - group: ""\n      kind: Service\n      name: api\n',
        '    - group: ""\n      kind: Service\n      name: api # ←\n',
      ]),
    )
  })

  it('a parent beside another one is removed', () => {
    const service = '  - { group: "", kind: Service, name: api }\n'
    expectFixed(
      route('HTTPRoute', WAYPOINT + service),
      { rule, title: 'Remove this parent' },
      route('HTTPRoute', service),
    )
  })

  it('each backend of the namespace that exists is offered, and none is preferred', () => {
    const text = `${route('HTTPRoute', WAYPOINT, '[{ name: api, port: 80 }, { name: web, port: 80 }, { name: away, namespace: b, port: 80 }]')}---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { ports: [{ port: 80 }] }
`
    const [finding] = findingsOf(analyse(text)).filter((each) => each.rule === rule)
    expect(finding?.fixes.map(({ title, preferred }) => [title, preferred])).toEqual([
      ['Use Service "api" as the parent', false],
      ['Use Service "web" as the parent', false],
    ])
  })
})
