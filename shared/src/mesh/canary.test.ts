import { expect, it } from 'vitest'
import type { Service } from '../resources/service.js'
import { analyse, replaceIn } from '../testing/index.js'
import { canaryOfService } from './canary.js'
import type { MeshSettings } from './meshSettings.js'

const gateway = (name: string, labels = ''): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: ${name}\n  namespace: shop\n${labels}spec:\n  gatewayClassName: istio-waypoint\n  listeners: [{name: mesh, port: 15008, protocol: HBONE}]\n`
const object = (kind: string, name: string, metadata: string): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${kind === 'Service' ? '  namespace: shop\n' : ''}${metadata}`
const weight = (value: string): string =>
  `  annotations:\n    istio.io/use-waypoint-canary-weight: "${value}"\n`
const CHOICE = '    istio.io/use-waypoint: waypoint\n    istio.io/use-waypoint-canary: next\n'
const AMBIENT = '  labels:\n    istio.io/dataplane-mode: ambient\n'
const SERVICE = object('Service', 'api', `  labels:\n${CHOICE}${weight('5')}`)

function canary(
  service: string,
  {
    namespace = object('Namespace', 'shop', AMBIENT),
    next = gateway('next'),
    settings = {},
  }: { namespace?: string; next?: string; settings?: MeshSettings } = {},
): string | undefined {
  const { mesh } = analyse([namespace, gateway('waypoint'), next, service].join('---\n'), {
    settings,
  })
  const found: Service | undefined = mesh.named('Service', 'shop', 'api')
  return found && canaryOfService(mesh, found)?.name
}

it.each<[string, string | undefined, string | undefined]>([
  ['a share', canary(SERVICE), 'next'],
  ['no share', canary(object('Service', 'api', `  labels:\n${CHOICE}${weight('0')}`)), undefined],
  ['no weight', canary(object('Service', 'api', `  labels:\n${CHOICE}`)), undefined],
  [
    'a weight above all',
    canary(object('Service', 'api', `  labels:\n${CHOICE}${weight('101')}`)),
    undefined,
  ],
  [
    'the primary once more',
    canary(replaceIn(SERVICE, ['canary: next', 'canary: waypoint'])),
    undefined,
  ],
  ['a Gateway that is not there', canary(SERVICE, { next: gateway('other') }), undefined],
  [
    'one for workloads',
    canary(SERVICE, { next: gateway('next', '  labels:\n    istio.io/waypoint-for: workload\n') }),
    undefined,
  ],
  [
    'one that is defined twice',
    canary(SERVICE, {
      next: `${gateway('next')}---\n${gateway('next', '  labels:\n    team: a\n')}`,
    }),
    'next',
  ],
  [
    'one that is defined in two ways',
    canary(SERVICE, {
      next: `${gateway('next')}---\n${gateway('next', '  labels:\n    istio.io/waypoint-for: all\n')}`,
    }),
    undefined,
  ],
  ['a release before canaries', canary(SERVICE, { settings: { istioVersion: '1.30' } }), undefined],
  [
    'that of the namespace',
    canary(object('Service', 'api', ''), {
      namespace: object('Namespace', 'shop', `${AMBIENT}${CHOICE}${weight('5')}`),
    }),
    'next',
  ],
  [
    'that of the namespace, where the Service chooses itself',
    canary(object('Service', 'api', '  labels:\n    istio.io/use-waypoint: waypoint\n'), {
      namespace: object('Namespace', 'shop', `${AMBIENT}${CHOICE}${weight('5')}`),
    }),
    undefined,
  ],
])('%s', (_, found, expected) => {
  expect(found).toBe(expected)
})
