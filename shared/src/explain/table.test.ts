import { describe, expect, it } from 'vitest'
import {
  API,
  explainPolicy,
  FOR_PODS,
  FOR_SERVICE,
  markedLines,
  NAMESPACE,
  WAYPOINT_IDENTITY,
  WITH_WAYPOINT,
  WITHOUT_WAYPOINT,
} from '../testing/explainPolicy.js'
import { documents, gateway, namespace } from '../testing/index.js'
import type { AuthorizationPolicyExplanation } from './explanation.js'

describe('the enforcement table', () => {
  it.each([
    {
      row: 0,
      mesh: WITHOUT_WAYPOINT,
      spec: FOR_PODS,
      enforcer: 'destination ztunnel',
      seen: 'client',
      line: '| **►** | **selector** | **Pod** | **no** | **destination ztunnel** | **client** |',
    },
    {
      row: 1,
      mesh: WITH_WAYPOINT,
      spec: FOR_PODS,
      enforcer: 'destination ztunnel',
      seen: WAYPOINT_IDENTITY,
      line: '| **►** | **selector** | **Pod** | **yes** | **destination ztunnel** | **waypoint** |',
    },
    {
      row: 2,
      mesh: WITHOUT_WAYPOINT,
      spec: { action: 'ALLOW' },
      enforcer: 'destination ztunnel',
      seen: 'client',
      line: '| **►** | **none** | **Namespace** | **no** | **destination ztunnel** | **client** |',
    },
    {
      row: 3,
      mesh: WITH_WAYPOINT,
      spec: { action: 'ALLOW' },
      enforcer: 'destination ztunnel',
      seen: WAYPOINT_IDENTITY,
      line: '| **►** | **none** | **Namespace** | **yes** | **destination ztunnel** | **waypoint** |',
    },
    {
      row: 4,
      mesh: WITH_WAYPOINT,
      spec: FOR_SERVICE,
      enforcer: 'waypoint',
      seen: 'client',
      line: '| **►** | **targetRefs** | **Service** | **yes** | **waypoint** | **client** |',
    },
    {
      row: 5,
      mesh: WITH_WAYPOINT,
      spec: { targetRefs: ['Gateway/waypoint'] },
      enforcer: 'waypoint',
      seen: 'client',
      line: '| **►** | **targetRefs** | **Gateway** | **yes** | **waypoint** | **client** |',
    },
  ])('only row $row is marked', ({ row, mesh, spec, enforcer, seen, line }) => {
    const explanation = explainPolicy(mesh, spec)
    expect(explanation.rows).toHaveLength(6)
    expect(explanation.rows.flatMap(({ marked }, index) => (marked ? [index] : []))).toEqual([row])
    expect(explanation.rows.some(({ possible }) => possible)).toBe(false)
    expect(
      explanation.targets.map(({ enforcedBy, sourceIdentity }) => [enforcedBy, sourceIdentity]),
    ).toEqual([[enforcer, seen]])
    expect(markedLines(explanation)).toEqual([line])
    expect(explanation.unknowns).toEqual([])
  })
})

describe('policies outside the table', () => {
  const none = (explanation: AuthorizationPolicyExplanation): void => {
    expect(explanation.rows.some(({ marked, possible }) => marked || possible)).toBe(false)
  }

  it('no row is marked if the targeted Service has no waypoint', () => {
    const explanation = explainPolicy(WITHOUT_WAYPOINT, FOR_SERVICE)
    none(explanation)
    expect(explanation.summary).toBe('not enforced')
    expect(explanation.effect).toEqual([
      'Not enforced for Service shop/api: no waypoint: ' +
        'neither it nor namespace "shop" has the label istio.io/use-waypoint.',
    ])
  })

  it('no row is marked for an action that ztunnel does not support', () => {
    const explanation = explainPolicy(WITHOUT_WAYPOINT, { action: 'AUDIT' })
    none(explanation)
    expect(explanation.effect).toEqual([
      'Not enforced by ztunnel: ztunnel supports only ALLOW and DENY.',
    ])
    expect(explanation.status).toMatchObject({ type: 'ZtunnelAccepted', status: 'False' })
  })

  it('no row is marked for an empty selector', () => {
    none(explainPolicy(WITHOUT_WAYPOINT, { spec: { selector: {} } }))
  })

  it('no row is marked if no pod is captured', () => {
    const explanation = explainPolicy(
      documents(namespace('shop', { labels: { 'istio.io/dataplane-mode': 'none' } }), API),
      FOR_PODS,
    )
    none(explanation)
    expect(explanation.targets).toMatchObject([{ enforcedBy: 'nobody', sourceIdentity: null }])
  })

  it('no row is marked for a policy at an ingress gateway', () => {
    const explanation = explainPolicy(documents(NAMESPACE, gateway('shop/front')), {
      targetRefs: ['Gateway/front'],
    })
    none(explanation)
    expect(explanation.summary).toBe(
      'enforced by gateway shop/front · sees client · Gateway shop/front',
    )
  })

  it('a policy in the root namespace can target every waypoint by its GatewayClass', () => {
    const spec = { targetRefs: ['GatewayClass/istio-waypoint'] }
    none(explainPolicy(WITH_WAYPOINT, spec))
    const explanation = explainPolicy(WITH_WAYPOINT, spec, { namespace: 'istio-system' })
    expect(explanation.rows[5]).toMatchObject({ marked: true, scope: 'Gateway' })
    expect(explanation.summary).toBe(
      'enforced by waypoint shop/waypoint · sees client · Gateway shop/waypoint',
    )
  })
})
