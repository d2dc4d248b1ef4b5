import { describe, expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  from,
  namespace,
  service,
  waypoint,
} from '../../testing/index.js'
import { compareDump } from './compareDump.js'
import { readDump } from './readDump.js'

const FILES = documents(
  namespace('shop', { waypoint: 'waypoint' }),
  waypoint('shop/waypoint'),
  deployment('shop/cart', { serviceAccount: 'cart' }),
  service('shop/cart'),
  authorizationPolicy('shop/owners', {
    app: 'cart',
    rules: [from({ serviceAccounts: ['shop/web'] })],
  }),
)

const POD = {
  workloadIps: ['10.0.0.1'],
  protocol: 'HBONE',
  uid: 'Kubernetes//Pod/shop/cart-6d-abcde',
  name: 'cart-6d-abcde',
  namespace: 'shop',
  serviceAccount: 'cart',
  workloadName: 'cart',
  authorizationPolicies: ['shop/owners'],
}
const WAYPOINT_POD = {
  ...POD,
  name: 'waypoint-7f-abcde',
  workloadName: 'waypoint',
  serviceAccount: 'waypoint',
}
const SERVICE = {
  name: 'cart',
  namespace: 'shop',
  hostname: 'cart.shop.svc.cluster.local',
  vips: ['/10.96.0.7'],
  waypoint: { destination: '/10.96.0.9', port: 15008 },
}
const WAYPOINT_SERVICE = {
  name: 'waypoint',
  namespace: 'shop',
  hostname: 'waypoint.shop.svc.cluster.local',
  vips: ['/10.96.0.9'],
}
const POLICY = {
  name: 'owners',
  namespace: 'shop',
  scope: 'WorkloadSelector',
  action: 'Allow',
  rules: [[[{ serviceAccounts: [{ namespace: 'shop', serviceAccount: 'web' }] }]]],
}
const DUMP = {
  workloads: [POD, WAYPOINT_POD, { ...POD, namespace: 'kube-system', name: 'dns' }],
  services: [SERVICE, WAYPOINT_SERVICE, { ...SERVICE, namespace: 'default', name: 'kubernetes' }],
  policies: [POLICY],
  certificates: [],
}

function compared(dump: unknown) {
  const { config, problem } = readDump(dump)
  if (!config) throw new Error(problem)
  return compareDump(analyse({ 'mesh.yaml': FILES }, { world: 'closed' }).mesh, config)
}

describe('a dump of a real ztunnel', () => {
  it('pods, waypoints by address and what istiod deploys are no differences', () => {
    const { differences, compared: count, otherNamespaces } = compared(DUMP)
    expect(differences).toEqual([])
    expect(count).toEqual({ policies: 1, workloads: 1, services: 1 })
    expect([...otherNamespaces]).toEqual([
      ['kube-system', 1],
      ['default', 1],
    ])
  })

  it('older dumps are maps by address', () => {
    const byAddress = {
      workloads: { '/10.0.0.1': POD },
      services: { '/10.96.0.7': SERVICE, '/10.96.0.9': WAYPOINT_SERVICE },
      policies: { 'shop/owners': POLICY },
    }
    expect(compared(byAddress).differences).toEqual([])
  })

  it('a waypoint can be named by its host', () => {
    const waypointByHost = { destination: 'shop/waypoint.shop.svc.cluster.local' }
    expect(compared([{ ...SERVICE, waypoint: waypointByHost }]).differences).toEqual([])
    expect(compared([{ ...SERVICE, waypoint: undefined }]).differences).toMatchObject([
      { change: { field: 'waypoint', predicted: 'shop/waypoint', actual: null } },
    ])
  })

  it('fields that are empty can be missing, also in the first item of a list', () => {
    const denyAll = { name: 'nothing', namespace: 'shop', scope: 'Namespace', action: 'Allow' }
    const files = documents(FILES, authorizationPolicy('shop/nothing', { rules: [] }))
    const { config } = readDump([denyAll, POLICY])
    if (!config) throw new Error('not read')
    const { mesh } = analyse({ 'mesh.yaml': files }, { world: 'closed' })
    expect(compareDump(mesh, config).differences).toEqual([])
    const short = { name: POD.name, namespace: 'shop', protocol: 'HBONE', workloadName: 'cart' }
    expect(compared([short]).differences).toEqual([])
    expect(compared([{ ...short, protocol: 'Tcp' }]).differences).toMatchObject([
      { change: { field: 'protocol', predicted: 'HBONE', actual: 'TCP' } },
    ])
  })

  it('an item for a Service of another network is no workload', () => {
    const uid = 'east/SplitHorizonWorkload/istio-system/gateway/192.0.2.1/shop/cart'
    const gateway = { ...POD, uid, name: uid, workloadName: '', workloadIps: [] }
    expect(compared([POD, gateway]).differences).toEqual([])
    expect(compared({ workloads: [POD, gateway] }).compared).toEqual({ workloads: 1 })
  })

  it('a waypoint in the form of an early release is not compared', () => {
    expect(compared([{ ...POD, waypointAddresses: ['10.0.0.9'] }]).differences).toEqual([])
  })

  it('the pods of one workload that differ are one difference', () => {
    const other = { ...POD, serviceAccount: 'default' }
    const { differences } = compared([POD, other, { ...other, name: 'cart-6d-fghij' }])
    expect(differences).toMatchObject([
      {
        name: 'cart',
        pods: ['cart-6d-abcde', 'cart-6d-fghij'],
        change: { field: 'serviceAccount', predicted: 'cart', actual: 'default' },
      },
    ])
  })

  it('a value in a rule is named by its place', () => {
    const rules = [[[{ serviceAccounts: [{ namespace: 'shop', serviceAccount: 'api' }] }]]]
    expect(compared([{ ...POLICY, rules }]).differences).toMatchObject([
      {
        kind: 'changed',
        change: {
          field: 'rules[0][0][0].serviceAccounts[0].serviceAccount',
          predicted: 'web',
          actual: 'api',
        },
      },
    ])
  })
})

describe('what is not a dump', () => {
  it.each([
    ['a text', 'abc', /needs the output of "istioctl /],
    ['an object without parts', { items: [] }, /needs the output of "istioctl /],
    ['a list of numbers', [1, 2], /needs the output of "istioctl /],
    ['certificates', [{ identity: 'spiffe://a' }], /needs the output of "istioctl /],
    ['a policy without a name', { policies: [{ rules: [] }] }, /policies\[0\] needs the texts/],
    ['null', null, /needs the output of "istioctl /],
    ['a list of kubectl', { apiVersion: 'v1', kind: 'List', items: [] }, /^has objects of Kub/],
    ['objects', [{ apiVersion: 'v1', kind: 'Pod', protocol: 'a' }], /^has objects of Kubernetes/],
    ['a config_dump of Envoy', { configs: [{ '@type': 'a' }] }, /^is a configuration of Envoy: /],
    ['listeners of Envoy', [{ name: 'a', filterChains: [] }], /^is a configuration of Envoy: /],
  ])('%s is a problem', (_, value, problem) => {
    expect(readDump(value).problem).toMatch(problem)
  })

  it('an empty list is a dump without objects', () => {
    expect(readDump([]).config).toEqual({})
  })
})
