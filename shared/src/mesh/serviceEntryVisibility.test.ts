import { expect, it } from 'vitest'
import { waypointOfService } from './waypoints.js'
import type { Mesh } from './mesh.js'
import {
  type Plain,
  object,
  labels,
  namespace,
  gateway,
  service,
  meshOf,
  the,
  HBONE,
} from '../testing/meshObjects.js'

const use = (name: string, where?: string): Plain => ({
  'istio.io/use-waypoint': name,
  ...(where === undefined ? {} : { 'istio.io/use-waypoint-namespace': where }),
})
const ofService = (mesh: Mesh) =>
  mesh.get(waypointOfService, mesh.all('Service')[0] ?? the(mesh, 'ServiceEntry'))
const toAll = { listeners: [{ ...HBONE, allowedRoutes: { namespaces: { from: 'All' } } }] }

it('refuses a waypoint of another namespace to ServiceEntries that only their own namespace sees', () => {
  const install = (visibility: Plain): string =>
    object('Istio', 'default', { values: { meshConfig: { serviceEntryVisibility: visibility } } })
  const entry = object('ServiceEntry', 'shop/e', { hosts: ['a.b'] }, labels(use('w', 'infra')))
  const said = (
    visibility: Plain,
    objects: readonly string[] = [entry],
    istioVersion = '1.31',
  ): string =>
    ofService(
      meshOf(
        [
          install(visibility),
          namespace('shop', { team: 'x' }),
          gateway('infra/w', {}, toAll),
          gateway('shop/w'),
          ...objects,
        ],
        { world: 'closed', settings: { istioVersion } },
      ),
    ).status
  const rule = (visibility: string, ...matchingRules: Plain[]): Plain => ({
    visibility,
    matchingRules: matchingRules.map((matchLabels) => ({ namespaceSelector: { matchLabels } })),
  })
  expect([
    said({}),
    said({ defaultVisibility: 'NAMESPACE' }),
    said({ defaultVisibility: 'NAMESPACE' }, [entry], '1.30'),
    said({ defaultVisibility: 'NONE' }),
  ]).toEqual(['bound', 'error', 'bound', 'none'])
  expect(
    said({ defaultVisibility: 'NAMESPACE' }, [
      object('ServiceEntry', 'shop/e', { hosts: ['a.b'] }, labels(use('w'))),
    ]),
  ).toBe('bound')
  expect(said({ defaultVisibility: 'NAMESPACE' }, [service('shop/s', use('w', 'infra'))])).toBe(
    'bound',
  )
  expect(said({ policies: [rule('NAMESPACE', { team: 'x' })] })).toBe('error')
  expect(said({ policies: [rule('NAMESPACE', { team: 'y' })] })).toBe('bound')
  expect(said({ policies: [rule('NAMESPACE', { team: 'x' }, { team: 'y' })] })).toBe('bound')
  expect(said({ policies: [rule('NAMESPACE', { 'kubernetes.io/metadata.name': 'shop' })] })).toBe(
    'error',
  )
  expect(
    said({
      policies: [rule('PUBLIC', { team: 'x' }), rule('NAMESPACE', { team: 'x' })],
      defaultVisibility: 'NAMESPACE',
    }),
  ).toBe('bound')
})
