import { expect, it } from 'vitest'
import {
  classRole,
  gatewayServiceAccount,
  gatewayServiceName,
  isGatewayPod,
  isWaypointClass,
} from './gatewayClass.js'
import { object, pod, gateway, meshOf, the } from '../testing/meshObjects.js'

const role = (name: string, controllerName?: string): string =>
  meshOf(
    controllerName === undefined ? [] : [object('GatewayClass', name, { controllerName })],
  ).get(classRole, name)

it('knows the role of a class by its name, else by the controller of its GatewayClass', () => {
  expect(
    [
      'istio-waypoint',
      'istio-agentgateway-waypoint',
      'istio',
      'istio-remote',
      'istio-agentgateway',
      'istio-east-west',
      'nginx',
    ].map((name) => role(name)),
  ).toEqual(['waypoint', 'waypoint', 'ingress', 'ingress', 'ingress', 'east-west', 'unknown'])
  expect([
    role('mine', 'istio.io/mesh-controller'),
    role('mine', 'istio.io/gateway-controller'),
    role('mine', 'other'),
  ]).toEqual(['waypoint', 'ingress', 'unknown'])
  expect(['istio-waypoint', 'istio-agentgateway-waypoint', 'istio'].map(isWaypointClass)).toEqual([
    true,
    true,
    false,
  ])
})

it('knows the pods of gateways by their labels', () => {
  expect(
    ['ingressgateway', 'egressgateway', 'ingress', 'other', ''].map((istio) =>
      isGatewayPod({ istio }),
    ),
  ).toEqual([true, true, true, false, false])
  expect([
    isGatewayPod(undefined),
    isGatewayPod({}),
    isGatewayPod({ 'gateway.networking.k8s.io/gateway-name': 'x' }),
  ]).toEqual([false, false, true])
  expect(isGatewayPod({ app: 'istio-ingressgateway' })).toBe(true)
  expect(isGatewayPod({ app: 'ingressgateway' })).toBe(false)
})

it.each<[string, string]>([
  [gateway('shop/w'), 'w'],
  [gateway('shop/w', {}, { gatewayClassName: 'istio-east-west' }), 'w'],
  [gateway('shop/w', {}, { gatewayClassName: 'istio' }), 'w-istio'],
  [gateway('shop/w', { annotations: { 'gateway.istio.io/name-override': 'front' } }), 'front'],
  [gateway('shop/w', { annotations: { 'gateway.istio.io/name-override': '' } }), 'w'],
])('the Service that istiod makes for %s is %s', (text, expected) => {
  const mesh = meshOf([text])
  expect(mesh.get(gatewayServiceName, the(mesh, 'Gateway'))).toBe(expected)
})

it.each<[string, readonly string[], string]>([
  ["a waypoint's name", [gateway('shop/w')], 'w'],
  [
    "an east-west gateway's name",
    [gateway('shop/w', {}, { gatewayClassName: 'istio-east-west' })],
    'w',
  ],
  ['name and class', [gateway('shop/w', {}, { gatewayClassName: 'istio' })], 'w-istio'],
  ['name and unknown class', [gateway('shop/w', {}, { gatewayClassName: 'nginx' })], 'w-nginx'],
  [
    'the annotation',
    [gateway('shop/w', { annotations: { 'gateway.istio.io/service-account': 'mine' } })],
    'mine',
  ],
  [
    'no empty annotation',
    [gateway('shop/w', { annotations: { 'gateway.istio.io/service-account': '' } })],
    'w',
  ],
  [
    'that of its pods, where a person deploys it',
    [
      gateway('shop/w', {}, { addresses: [{ type: 'Hostname', value: 'x' }] }),
      pod(
        'shop/p',
        { 'gateway.networking.k8s.io/gateway-name': 'w' },
        { serviceAccountName: 'theirs' },
      ),
      pod('shop/q', { app: 'x' }, { serviceAccountName: 'no' }),
    ],
    'theirs',
  ],
  [
    "a waypoint's name, where a person deploys it elsewhere",
    [
      gateway('shop/w', {}, { addresses: [{ type: 'Hostname', value: 'x' }] }),
      pod(
        'shop/p',
        { 'gateway.networking.k8s.io/gateway-name': 'v' },
        { serviceAccountName: 'theirs' },
      ),
    ],
    'w',
  ],
  [
    "no WorkloadEntry's",
    [
      gateway('shop/w', {}, { addresses: [{ type: 'Hostname', value: 'x' }] }),
      object('WorkloadEntry', 'shop/e', {
        serviceAccount: 'e',
        labels: { 'gateway.networking.k8s.io/gateway-name': 'w' },
      }),
    ],
    'w',
  ],
  [
    'not that of its pods, where istiod deploys it',
    [
      gateway('shop/w', {}, { addresses: [{ type: 'IPAddress', value: '10.0.0.1' }] }),
      pod(
        'shop/p',
        { 'gateway.networking.k8s.io/gateway-name': 'w' },
        { serviceAccountName: 'theirs' },
      ),
    ],
    'w',
  ],
])("a gateway's account is %s", (_, objects, expected) => {
  const mesh = meshOf(objects)
  expect(mesh.get(gatewayServiceAccount, the(mesh, 'Gateway'))).toBe(expected)
})
