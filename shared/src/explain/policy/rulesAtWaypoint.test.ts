import { describe, expect, it } from 'vitest'
import { analyse, documents, serviceEntry, type Fields } from '../../testing/index.js'
import {
  AMBIENT,
  gateway,
  namespace,
  policy,
  service,
  targetRef,
  toService,
  USE_WAYPOINT,
} from '../../testing/shopMesh.js'
import { rulesAtWaypoint } from './rulesAtWaypoint.js'

const DATA = { name: 'tcp-data', port: 9000 }
const HTTP = { name: 'http', port: 80 }
const UNNAMED = { name: 'admin', port: 9001 }
const GET = { to: [{ operation: { methods: ['GET'] } }] }
const FROM_OPS = { from: [{ source: { namespaces: ['ops'] } }] }

function sentences(
  ports: readonly Fields[],
  spec: Fields,
  target: Fields = toService('orders'),
): string[] {
  const text = documents(
    namespace('shop', { ...AMBIENT, ...USE_WAYPOINT }),
    gateway('waypoint'),
    service('orders', { spec: { ports } }),
    policy('p', { ...target, ...spec }),
  )
  const { mesh } = analyse(text)
  return rulesAtWaypoint(mesh, mesh.all('AuthorizationPolicy')[0]!, 'it')
}

describe('a rule with HTTP attributes', () => {
  const ALLOW = { rules: [FROM_OPS, GET] }
  const DENY = { action: 'DENY', rules: [{ ...FROM_OPS, ...GET }] }
  const OPS = 'allows requests from namespace ops to it'
  const NEEDS =
    'on TCP port 9000 of Service shop/orders rule 2 allows nothing, because it needs HTTP'
  const WIDER =
    'on TCP port 9000 of Service shop/orders rule 1 matches without its HTTP attributes: ' +
    'it denies connections from namespace ops'

  it.each<[string, readonly Fields[], Fields, readonly string[]]>([
    [
      'a rule is described as written where all ports have HTTP',
      [HTTP, UNNAMED],
      ALLOW,
      [OPS, 'allows requests from any client to it with method GET'],
    ],
    ['a rule allows nothing where all ports are TCP', [DATA], ALLOW, [OPS, NEEDS]],
    [
      'a rule is described for each kind of port',
      [HTTP, DATA],
      ALLOW,
      [OPS, 'allows requests from any client to it with method GET', NEEDS],
    ],
    ['a rule denies more where all ports are TCP', [DATA], DENY, [WIDER]],
    [
      'a rule is not described for TCP ports that it does not match',
      [HTTP, DATA],
      { rules: [{ to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }] },
      ['allows requests from any client to it on port 80 with method GET'],
    ],
  ])('%s', (_, ports, spec, expected) => {
    expect(sentences(ports, spec)).toEqual(expected)
  })

  it('a rule is described for the Services of a whole waypoint', () => {
    expect(sentences([DATA], ALLOW, targetRef('Gateway', 'waypoint'))).toEqual([OPS, NEEDS])
  })

  it('a rule is described as written for a Service that the files do not show', () => {
    expect(sentences([DATA], ALLOW, toService('other'))).toEqual([
      OPS,
      'allows requests from any client to it with method GET',
    ])
  })
})

it('the ports of a ServiceEntry have its protocols', () => {
  const entry = serviceEntry('shop/pay', {
    waypoint: 'waypoint',
    ports: [{ number: 443, name: 'a', protocol: 'TLS' }],
  })
  const text = documents(
    namespace('shop'),
    gateway('waypoint'),
    entry,
    policy('p', { ...targetRef('ServiceEntry', 'pay'), rules: [GET] }),
  )
  const { mesh } = analyse(text)
  expect(rulesAtWaypoint(mesh, mesh.all('AuthorizationPolicy')[0]!, 'it')).toEqual([
    'on TCP port 443 of ServiceEntry shop/pay rule 1 allows nothing, because it needs HTTP',
  ])
})
