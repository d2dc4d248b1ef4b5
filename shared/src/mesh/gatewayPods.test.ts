import { describe, expect, it } from 'vitest'
import {
  gateway,
  labels,
  meshOf,
  object,
  pod,
  policy,
  selector,
  the,
  type Plain,
} from '../testing/meshObjects.js'
import { replaceIn } from '../testing/replaceIn.js'
import { gatewayPodLabels, proxiesSelected, proxiesWith, type Proxies } from './gatewayPods.js'

describe('a selector for gateways', () => {
  const istioGateway = (given: Plain): string =>
    object('Gateway', 'shop/g', { selector: given }, {}, 'networking.istio.io/v1')
  const meant = (spec: Plain, objects: readonly string[] = []): Proxies | undefined => {
    const mesh = meshOf([policy('shop/p', spec), ...objects])
    return mesh.get(proxiesSelected, the(mesh, 'AuthorizationPolicy'))
  }

  it.each<[string, Proxies | undefined, Proxies | undefined]>([
    ['none', meant({}), undefined],
    ['an empty one', meant({ selector: {} }, [istioGateway({})]), undefined],
    ['labels of no gateway', meant(selector({ app: 'api' })), undefined],
    [
      'the label of deployed gateways',
      meant(selector({ 'gateway.networking.k8s.io/gateway-name': 'x' })),
      'proxies',
    ],
    ["the label of Istio's gateways", meant(selector({ istio: 'ingressgateway' })), 'gateways'],
    [
      'what a Gateway of Istio selects',
      meant(selector({ app: 'door' }), [istioGateway({ app: 'door' })]),
      'gateways',
    ],
    [
      'more than a Gateway of Istio selects',
      meant(selector({ app: 'door', tier: 'x' }), [istioGateway({ app: 'door' })]),
      'gateways',
    ],
    [
      'less than a Gateway of Istio selects',
      meant(selector({ app: 'door' }), [istioGateway({ app: 'door', tier: 'x' })]),
      'gateways',
    ],
    [
      'other than a Gateway of Istio selects',
      meant(selector({ app: 'door' }), [istioGateway({ app: 'api' })]),
      undefined,
    ],
    [
      'one of two Gateways of Istio',
      meant(selector({ app: 'door' }), [
        istioGateway({ app: 'api' }),
        replaceIn(istioGateway({ app: 'door' }), ['"g"', '"h"']),
      ]),
      'gateways',
    ],
    [
      'a Gateway of Istio that selects nothing',
      meant(selector({ app: 'door' }), [istioGateway({})]),
      undefined,
    ],
    [
      'labels of a Gateway',
      meant(selector({ tier: 'edge' }), [gateway('shop/door', labels({ tier: 'edge' }))]),
      'waypoints',
    ],
    [
      "other labels than a Gateway's",
      meant(selector({ tier: 'edge', app: 'x' }), [gateway('shop/door', labels({ tier: 'edge' }))]),
      undefined,
    ],
    [
      "labels of a Gateway's infrastructure",
      meant(selector({ tier: 'edge' }), [
        gateway(
          'shop/door',
          {},
          { gatewayClassName: 'istio', infrastructure: { labels: { tier: 'edge' } } },
        ),
      ]),
      'gateways',
    ],
    [
      'labels of both: those of the infrastructure replace the others',
      meant(selector({ tier: 'edge', a: 'b' }), [
        gateway('shop/door', labels({ a: 'b' }), { infrastructure: { labels: { tier: 'edge' } } }),
      ]),
      undefined,
    ],
    [
      'the controller of waypoints',
      meant(selector({ 'gateway.istio.io/managed': 'istio.io-mesh-controller' })),
      'waypoints',
    ],
    [
      'the controller of gateways',
      meant(selector({ 'gateway.istio.io/managed': 'istio.io-gateway-controller' })),
      'gateways',
    ],
    [
      'the class of waypoints',
      meant(selector({ 'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint' })),
      'waypoints',
    ],
    [
      'a class of a file',
      meant(selector({ 'gateway.networking.k8s.io/gateway-class-name': 'mine' }), [
        object('GatewayClass', 'mine', { controllerName: 'istio.io/mesh-controller' }),
      ]),
      'waypoints',
    ],
    [
      'the name of a waypoint of the files',
      meant(selector({ 'gateway.networking.k8s.io/gateway-name': 'w' }), [gateway('shop/w')]),
      'waypoints',
    ],
    [
      'the name of a waypoint of another namespace',
      meant(selector({ 'gateway.networking.k8s.io/gateway-name': 'w' }), [gateway('other/w')]),
      'proxies',
    ],
    [
      'the canonical name of a waypoint',
      meant(selector({ 'service.istio.io/canonical-name': 'w' }), [gateway('shop/w')]),
      'waypoints',
    ],
    [
      'the canonical name of a gateway',
      meant(selector({ 'service.istio.io/canonical-name': 'door-istio' }), [
        gateway('shop/door', {}, { gatewayClassName: 'istio' }),
      ]),
      'gateways',
    ],
    [
      'the canonical name of an application',
      meant(selector({ 'service.istio.io/canonical-name': 'api' }), [gateway('shop/w')]),
      undefined,
    ],
    [
      'a label of a waypoint and of a workload',
      meant(selector({ tier: 'edge' }), [
        gateway('shop/w', labels({ tier: 'edge' })),
        pod('shop/a', { tier: 'edge' }),
      ]),
      undefined,
    ],
    ["a chart's label", meant(selector({ app: 'istio-egressgateway' })), 'gateways'],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
})

it('the pods that istiod deploys have labels of their Gateway', () => {
  const mesh = meshOf([
    gateway('shop/w', labels({ a: 'b' })),
    gateway('shop/door', {}, { gatewayClassName: 'istio', infrastructure: { labels: { c: 'd' } } }),
    gateway('shop/hand', {}, { addresses: [{ type: 'Hostname', value: 'x' }] }),
  ])
  const labelsOf = (name: string): unknown => {
    const found = mesh.named('Gateway', 'shop', name)
    return found && mesh.get(gatewayPodLabels, found)
  }
  expect(labelsOf('w')).toEqual({
    a: 'b',
    'gateway.istio.io/managed': 'istio.io-mesh-controller',
    'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint',
    'gateway.networking.k8s.io/gateway-name': 'w',
    'istio.io/dataplane-mode': 'none',
    'service.istio.io/canonical-name': 'w',
    'service.istio.io/canonical-revision': 'latest',
    'sidecar.istio.io/inject': 'false',
  })
  expect(labelsOf('door')).toMatchObject({
    c: 'd',
    'gateway.istio.io/managed': 'istio.io-gateway-controller',
    'service.istio.io/canonical-name': 'door-istio',
  })
  expect(labelsOf('hand')).toEqual({ 'gateway.networking.k8s.io/gateway-name': 'hand' })
  expect(proxiesWith(mesh, { app: 'istio-ingressgateway' }, 'shop')).toBe('gateways')
})
