import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { SHOP, withServiceLabel } from '../support/examples.js'
import { waypointWrongClass } from './waypoint-wrong-class.js'

const rule = waypointWrongClass.name

const gateway = (className: string, name = 'edge'): string =>
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n' +
  `  name: ${name}\n  namespace: shop\nspec:\n  gatewayClassName: ${className}\n` +
  '  listeners:\n  - {name: http, port: 80, protocol: HTTP}\n'
const using = (name: string): string => withServiceLabel(SHOP, `istio.io/use-waypoint: ${name}`)
const found = (...documents: readonly string[]): string[] =>
  findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

it('marks the label value on every kind of object', () => {
  const { found: marked, expected } = compareMarked(
    `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: edge
#                          ^^^^ waypoint-wrong-class: Traffic to Services of this namespace fails or bypasses L7 policies: Gateway "shop/edge" of class "istio" is not a waypoint.
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
#                              ^^^^ waypoint-wrong-class: Traffic to "api" fails or bypasses L7 policies: Gateway "shop/edge" of class "istio" is not a waypoint.
`,
    { rules: [rule, 'waypoint-traffic-type'] },
  )
  expect(marked).toEqual(expected)
})

describe('the Gateway of a label', () => {
  const messageFor = (className: string): string =>
    'error: Traffic to "api" fails or bypasses L7 policies: Gateway "shop/edge" of ' +
    `class "${className}" is not a waypoint.`
  const gatewayClass = (controller: string): string =>
    'apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n' +
    `  name: corp\nspec:\n  controllerName: ${controller}\n`
  it.each<[string, readonly string[], readonly string[]]>([
    ['an ingress gateway', [gateway('istio')], [messageFor('istio')]],
    ['an east-west gateway', [gateway('istio-east-west')], [messageFor('istio-east-west')]],
    [
      'a class with the controller of ingress gateways',
      [gateway('corp'), gatewayClass('istio.io/gateway-controller')],
      [messageFor('corp')],
    ],
    [
      'a class with the controller of waypoints',
      [gateway('corp'), gatewayClass('istio.io/mesh-controller')],
      [],
    ],
    ['a class that is not in the files', [gateway('corp')], []],
    ['a waypoint', [gateway('istio-waypoint')], []],
    [
      'two definitions of which one is a waypoint',
      [gateway('istio'), gateway('istio-waypoint')],
      [],
    ],
    ['a missing Gateway', [], []],
  ])('is checked for %s', (_, documents, expected) => {
    expect(found(using('edge'), ...documents)).toEqual(expected)
  })

  it('is not checked for the value none', () => {
    expect(found(using('none'), gateway('istio', 'none'))).toEqual([])
  })

  it('is not checked for the pods of a gateway, which have its labels', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: edge\n  namespace: shop\n' +
      '  labels:\n    gateway.networking.k8s.io/gateway-name: edge\n' +
      '    istio.io/use-waypoint: edge\n'
    expect(found(SHOP, gateway('istio'), pod)).toEqual([])
  })
})

it('suggests existing waypoints, the most similar first', () => {
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
