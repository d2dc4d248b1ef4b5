import { describe, expect, it } from 'vitest'
import { analyse, findingsOf, replaceIn, type AnalyseOptions } from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { waypointIdentityDenied } from './waypoint-identity-denied.js'

const rule = waypointIdentityDenied.name

/** `policy: message` of each finding of the rule. */
function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ place, message, level }) => {
      const name = 'resource' in place ? place.resource.name : '?'
      return `${name}: ${level === 'error' ? '' : `${level}: `}${message}`
    })
}

const from = (accounts: string, more = ''): string =>
  `rules:\n- from:\n  - source:\n      serviceAccounts: [${accounts}]\n${more}`
const selecting = (spec: string): string => `selector:\n  matchLabels:\n    app: api\n${spec}`
const ALLOW_WEB = policyText('allow-web', selecting(from('shop/web')))

const service = (name: string, waypoint: string, more = ''): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
  labels:
    istio.io/use-waypoint: ${waypoint}
${more}spec:
  selector:
    app: api
  ports:
  - port: 80
    targetPort: 8080
`
const gateway = (
  name: string,
  namespace: string,
  routes = '',
): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
${routes}`
const FROM_ALL = '    allowedRoutes:\n      namespaces:\n        from: All\n'

describe('the waypoint of the traffic', () => {
  const bare = replaceIn(SHOP, ['    istio.io/use-waypoint: waypoint\n', ''])
  it.each<[string, readonly string[], readonly string[]]>([
    ['no waypoint', [bare, ALLOW_WEB], []],
    [
      'no waypoint for a headless Service',
      [
        replaceIn(SHOP, [
          'spec:\n  selector:\n    app: api\n  ports',
          'spec:\n  clusterIP: None\n  selector:\n    app: api\n  ports',
        ]),
        ALLOW_WEB,
      ],
      [],
    ],
    [
      'two waypoints of two Services, one of them allowed',
      [
        bare,
        service('public', 'waypoint'),
        service('private', 'second'),
        gateway('second', 'shop'),
        COMPANION,
      ],
      [
        'allow-only-from-waypoint: All traffic through waypoint "shop/second" to workload "api" is denied: ' +
          'ztunnel sees ns/shop/sa/second, not the client.',
      ],
    ],
    [
      'two waypoints of two Services, both allowed',
      [
        bare,
        service('public', 'waypoint'),
        service('private', 'second'),
        gateway('second', 'shop'),
        policyText('both', from('waypoint, second')),
      ],
      [],
    ],
    [
      'a waypoint of another namespace',
      [
        bare,
        service('public', 'shared', '    istio.io/use-waypoint-namespace: infra\n'),
        gateway('shared', 'infra', FROM_ALL),
        ALLOW_WEB,
      ],
      [
        'allow-web: All traffic through waypoint "infra/shared" to workload "api" is denied: ' +
          'ztunnel sees ns/infra/sa/shared, not the client.',
      ],
    ],
    [
      'a waypoint of another namespace that cannot be used',
      [
        bare,
        service('public', 'shared', '    istio.io/use-waypoint-namespace: infra\n'),
        gateway('shared', 'infra'),
        ALLOW_WEB,
      ],
      [],
    ],
    [
      'a waypoint with the service account of the client',
      [
        replaceIn(SHOP, [
          '  labels:\n    istio.io/waypoint-for: service\n',
          '  annotations:\n    gateway.istio.io/service-account: web\n',
        ]),
        ALLOW_WEB,
      ],
      [],
    ],
    [
      'a waypoint for a pod outside ambient mode',
      [replaceIn(SHOP, ['dataplane-mode: ambient', 'dataplane-mode: none']), ALLOW_WEB],
      [],
    ],
    [
      'an ingress gateway instead of a waypoint',
      [replaceIn(SHOP, ['gatewayClassName: istio-waypoint', 'gatewayClassName: istio']), ALLOW_WEB],
      [],
    ],
  ])('traffic through %s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  const canaried = service(
    'public',
    'waypoint',
    '    istio.io/use-waypoint-canary: second\n  annotations:\n    istio.io/use-waypoint-canary-weight: "10"\n',
  )
  const world = [bare, canaried, gateway('second', 'shop'), COMPANION]

  it('reports a canary waypoint, which has its own identity', () => {
    const denied =
      'allow-only-from-waypoint: All traffic through waypoint "shop/second" to workload "api" is denied: ' +
      'ztunnel sees ns/shop/sa/second, not the client.'
    expect(found(world)).toEqual([denied])
    expect(found(world, { settings: { istioVersion: '1.30' } })).toEqual([])
    const idle = replaceIn(canaried, ['weight: "10"', 'weight: "0"'])
    expect(found(world.with(1, idle))).toEqual([])
  })
})
