import { expect, it } from 'vitest'
import { waypointOfService } from './waypoints.js'
import type { AnalyseOptions } from '../testing/index.js'
import type { Mesh } from './mesh.js'
import {
  type Plain,
  namespace,
  gateway,
  service,
  meshOf,
  OPEN,
  the,
  HBONE,
} from '../testing/meshObjects.js'

const use = (name: string, where?: string): Plain => ({
  'istio.io/use-waypoint': name,
  ...(where === undefined ? {} : { 'istio.io/use-waypoint-namespace': where }),
})
const ofService = (mesh: Mesh) =>
  mesh.get(waypointOfService, mesh.all('Service')[0] ?? the(mesh, 'ServiceEntry'))

it('lets the namespaces use a waypoint that its listener on port 15008 allows', () => {
  const from = (
    allowedRoutes: Plain | undefined,
    {
      listener = {},
      objects = [namespace('shop', { team: 'x' })],
      options = { world: 'closed' },
    }: { listener?: Plain; objects?: readonly string[]; options?: AnalyseOptions } = {},
  ): string => {
    const binding = ofService(
      meshOf(
        [
          ...objects,
          service('shop/s', use('w', 'infra')),
          gateway(
            'infra/w',
            {},
            {
              listeners: [
                {
                  name: 'http',
                  port: 80,
                  protocol: 'HTTP',
                  allowedRoutes: { namespaces: { from: 'All' } },
                },
                {
                  ...HBONE,
                  ...listener,
                  ...(allowedRoutes ? { allowedRoutes: { namespaces: allowedRoutes } } : {}),
                },
              ],
            },
          ),
        ],
        options,
      ),
    )
    return binding.status === 'error' ? binding.reason : binding.status
  }
  const byLabels = (matchLabels: Plain): Plain => ({
    from: 'Selector',
    selector: { matchLabels },
  })
  expect([
    from({ from: 'All' }),
    from({ from: 'Same' }),
    from(undefined),
    from({}),
    from({ ...byLabels({ team: 'x' }), from: 'None' }),
  ]).toEqual([
    'bound',
    'AttachmentDenied',
    'AttachmentDenied',
    'AttachmentDenied',
    'AttachmentDenied',
  ])
  expect([
    from(byLabels({ team: 'x' })),
    from(byLabels({ team: 'y' })),
    from(byLabels({ 'kubernetes.io/metadata.name': 'shop' })),
    from({ from: 'Selector' }),
  ]).toEqual(['bound', 'AttachmentDenied', 'bound', 'AttachmentDenied'])
  expect([
    from({ from: 'All' }, { listener: { port: 15009 } }),
    from({ from: 'All' }, { listener: { protocol: 'TLS' } }),
  ]).toEqual(['AttachmentDenied', 'AttachmentDenied'])
  expect([
    from(byLabels({ team: 'x' }), { options: OPEN }),
    from(byLabels({ team: 'x' }), { objects: [], options: OPEN }),
    from(byLabels({ team: 'x' }), { objects: [] }),
  ]).toEqual(['bound', 'unknown', 'AttachmentDenied'])
})

it('lets only its own namespace use a waypoint without an HBONE listener', () => {
  const mesh = meshOf([
    service('shop/s', use('w', 'infra')),
    gateway('infra/w', {}, { listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] }),
  ])
  expect(ofService(mesh)).toMatchObject({ status: 'error', reason: 'AttachmentDenied' })
})
