import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { SHOP, withServiceLabel } from '../support/examples.js'
import { waypointWrongClass } from './waypoint-wrong-class.js'

const rule = waypointWrongClass.name

const gateway = (className: string, name = 'edge'): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  gatewayClassName: ${className}\n  listeners:\n  - {name: http, port: 80, protocol: HTTP}\n`
const using = (name: string): string => withServiceLabel(SHOP, `istio.io/use-waypoint: ${name}`)
const found = (...documents: readonly string[]): string[] =>
  findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

it('marks the name on whatever carries the label', () => {
  const { found: marked, expected } = compareMarked(
    `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: edge
#                          ^^^^ waypoint-wrong-class: Gateway "shop/edge" is of class "istio", no waypoint: traffic to Services of this namespace fails or meets no L7 policy.
---
${gateway('istio')}---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  template:
    metadata:
      labels:
        istio.io/use-waypoint: edge
#                              ^^^^ waypoint-wrong-class: Gateway "shop/edge" is of class "istio", no waypoint: traffic to "api" fails or meets no L7 policy.
`,
    { rules: [rule, 'waypoint-traffic-type'] },
  )
  expect(marked).toEqual(expected)
})

describe('which Gateway is no waypoint', () => {
  const WRONG = (className: string): string =>
    `error: Gateway "shop/edge" is of class "${className}", no waypoint: traffic to "api" fails or meets no L7 policy.`
  const gatewayClass = (controller: string): string =>
    `apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n  name: corp\nspec:\n  controllerName: ${controller}\n`
  it.each<[string, readonly string[], readonly string[]]>([
    ['an ingress', [gateway('istio')], [WRONG('istio')]],
    ['an east-west gateway', [gateway('istio-east-west')], [WRONG('istio-east-west')]],
    [
      'a class whose controller is that of ingress gateways',
      [gateway('corp'), gatewayClass('istio.io/gateway-controller')],
      [WRONG('corp')],
    ],
    [
      'no class whose controller is that of waypoints',
      [gateway('corp'), gatewayClass('istio.io/mesh-controller')],
      [],
    ],
    ['no class that nobody here describes', [gateway('corp')], []],
    ['no waypoint', [gateway('istio-waypoint')], []],
    [
      'not where another definition is a waypoint',
      [gateway('istio'), gateway('istio-waypoint')],
      [],
    ],
    ['not where there is no Gateway', [], []],
  ])('%s', (_, documents, expected) => {
    expect(found(using('edge'), ...documents)).toEqual(expected)
  })

  it('none where the name opts out', () => {
    expect(found(using('none'), gateway('istio', 'none'))).toEqual([])
  })

  it('none for the pods of a gateway, which carry its labels', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: edge\n  namespace: shop\n  labels:\n    gateway.networking.k8s.io/gateway-name: edge\n    istio.io/use-waypoint: edge\n'
    expect(found(SHOP, gateway('istio'), pod)).toEqual([])
  })
})

it('names the waypoints that are there, the most alike first', () => {
  const text = (name: string): string =>
    [
      using(`${name} # ours`),
      gateway('istio', 'waypoints'),
      gateway('istio-waypoint', 'other'),
    ].join('---\n')
  const [finding] = findingsOf(analyse(text('waypoints'))).filter(
    (candidate) => candidate.rule === rule,
  )
  expect(finding?.fixes.map(({ title, preferred }) => [title, preferred])).toEqual([
    ['Change to "waypoint"', true],
    ['Change to "other"', false],
  ])
  expectFixed(text('waypoints'), { rule, title: 'Change to "waypoint"' }, text('waypoint'))
})
