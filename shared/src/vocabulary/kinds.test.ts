import { expect, it } from 'vitest'
import {
  apiVersionOf,
  kindFacts,
  kindNamed,
  KIND_NAMES,
  kindsOf,
  roleOf,
  targetKind,
} from './kinds.js'

it('finds each kind by every group that serves it', () => {
  for (const name of KIND_NAMES) {
    const { kind, group, alsoIn = [] } = kindFacts(name)
    for (const served of [group, ...alsoIn]) expect(kindNamed(served, kind)).toBe(name)
  }
})

it('tells the two kinds named Gateway apart by their group', () => {
  expect(kindNamed('gateway.networking.k8s.io', 'Gateway')).toBe('Gateway')
  expect(kindNamed('networking.istio.io', 'Gateway')).toBe('Gateway.networking.istio.io')
  expect(kindNamed('', 'Gateway')).toBeUndefined()
})

it('lists the kinds of several roles in the order of the table', () => {
  expect(kindsOf('policy', 'namespace')).toEqual([
    'Namespace',
    'AuthorizationPolicy',
    'PeerAuthentication',
    'RequestAuthentication',
  ])
})

it('names the preferred version, without a group for the core group', () => {
  expect(apiVersionOf('Service')).toBe('v1')
  expect(apiVersionOf('CronJob')).toBe('batch/v1')
  expect(apiVersionOf('Gateway.networking.istio.io')).toBe('networking.istio.io/v1')
})

it('knows no role for kinds that are not read', () => {
  expect(roleOf('Pod')).toBe('pods')
  expect(roleOf('Other')).toBeUndefined()
  expect(roleOf('toString')).toBeUndefined()
  expect(roleOf(undefined)).toBeUndefined()
})

it('accepts as a target only the four kinds, each in its group', () => {
  expect(targetKind('', 'Service')).toBe('Service')
  expect(targetKind('gateway.networking.k8s.io', 'GatewayClass')).toBe('GatewayClass')
  expect(targetKind('networking.istio.io', 'Service')).toBeUndefined()
  expect(targetKind('', 'Deployment')).toBeUndefined()
})
