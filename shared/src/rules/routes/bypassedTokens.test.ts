import { describe, expect, it } from 'vitest'
import type { MeshSettings } from '../../mesh/meshSettings.js'
import {
  analyse,
  documents,
  expectFixed,
  findingsOf,
  requestAuthentication,
} from '../../testing/index.js'
import { COMPANION, SHOP } from '../support/examples.js'
import { waypointBypass } from './waypoint-bypass.js'

const rule = waypointBypass.name
const found = (objects: readonly string[], settings: MeshSettings = {}): string[] =>
  findingsOf(analyse(objects.join('---\n'), { settings }))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
const ANY_CLIENT =
  'This policy can be bypassed: clients of pod IPs and plaintext clients reach ' +
  'workload "api" without waypoint "shop/waypoint".'

describe('a RequestAuthentication at the waypoint', () => {
  const tokens = (presence?: 'OPTIONAL' | 'REQUIRED'): string =>
    requestAuthentication('shop/tokens', { targetRefs: ['Service/api'], presence })

  it.each<['OPTIONAL' | 'REQUIRED' | undefined, MeshSettings, readonly string[]]>([
    ['REQUIRED', {}, [ANY_CLIENT]],
    ['REQUIRED', { istioVersion: '1.31' }, []],
    ['OPTIONAL', {}, []],
    [undefined, {}, []],
  ])('with presence %s and the settings %j', (presence, settings, expected) => {
    expect(found([tokens(presence), SHOP], settings)).toEqual(expected)
  })

  it('is not bypassed with a companion policy, which the fix adds', () => {
    expect(found([tokens('REQUIRED'), COMPANION, SHOP])).toEqual([])
    expectFixed(documents(tokens('REQUIRED'), SHOP), {
      rule,
      title: 'Allow only traffic from the waypoint',
    })
  })
})
