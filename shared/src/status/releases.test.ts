import { describe, expect, it } from 'vitest'
import {
  conditions,
  gateway,
  http,
  httpOnly,
  object,
  policy,
  RELEASES,
  service,
  since,
  type Plain,
} from '../testing/statusOfReleases.js'

const FOUND = (names: string): string =>
  `AuthorizationPolicy ZtunnelAccepted True UnsupportedValue: ztunnel does not support HTTP attributes (found: ${names}). In ambient mode you must use a waypoint proxy to enforce HTTP rules. `
const ERASED =
  'DENY policy with HTTP attributes is enforced without the HTTP rules. This will be more restrictive than requested.'

describe('ZtunnelAccepted', () => {
  it.each<[string, Plain, string]>([
    [
      'without remark',
      { rules: [{}] },
      'AuthorizationPolicy ZtunnelAccepted True Accepted: attached to ztunnel',
    ],
    [
      'AUDIT',
      { action: 'AUDIT' },
      'AuthorizationPolicy ZtunnelAccepted False UnsupportedValue: ztunnel does not support the AUDIT action',
    ],
    [
      'CUSTOM',
      { action: 'CUSTOM', provider: { name: 'a' }, rules: [{}] },
      'AuthorizationPolicy ZtunnelAccepted False UnsupportedValue: ztunnel does not support the CUSTOM action',
    ],
    [
      'ALLOW with HTTP, each name once and sorted',
      { rules: [httpOnly, http] },
      `${FOUND('hosts, methods, request.headers[x]')}Within an ALLOW policy, rules matching HTTP attributes are omitted. This will be more restrictive than requested.`,
    ],
    [
      'DENY with a rule that is left',
      { action: 'DENY', rules: [httpOnly, http] },
      `${FOUND('hosts, methods, request.headers[x]')}${ERASED}`,
    ],
  ])('%s, in every release', (_, spec, expected) => {
    for (const istioVersion of RELEASES)
      expect(conditions([policy(spec)], { istioVersion })).toEqual([expected])
  })

  it('says of a DENY without effect that it has none since 1.32', () => {
    const found = FOUND('hosts, methods, request.headers[x]')
    since(
      '1.32',
      (settings) => conditions([policy({ action: 'DENY', rules: [httpOnly] })], settings),
      [`${found}${ERASED}`],
      [
        `${found}After omitting unsupported HTTP attributes, this DENY policy has no enforceable rules at ztunnel and will have no effect. Deploy a waypoint proxy and use a targetRef to enforce this policy.`,
      ],
    )
  })

  it('refuses dry runs since 1.29, and is silent before', () => {
    const dry = { annotations: { 'istio.io/dry-run': 'true' } }
    const refused = [
      'AuthorizationPolicy ZtunnelAccepted False UnsupportedValue: found policy "shop/p" using dry-run annotation, but support for ambient dry-run authorizationPolicies isn\'t enabled',
    ]
    since('1.29', (settings) => conditions([policy({}, dry)], settings), [], refused)
    expect(
      conditions([policy({ targetRefs: [{ group: '', kind: 'Service', name: 'api' }] }, dry)]),
    ).toEqual(refused)
    const flags = { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true }
    expect(conditions([policy({}, dry)], { flags })).toEqual([
      'AuthorizationPolicy ZtunnelAccepted True Accepted: attached to ztunnel',
    ])
    expect(conditions([policy({}, dry)], { flags, istioVersion: '1.28' })).toEqual([])
  })
})

describe('no condition', () => {
  const objects = [
    policy({}),
    service({ 'istio.io/use-waypoint': 'waypoint' }),
    gateway('waypoint'),
  ]

  it('where AMBIENT_ENABLE_STATUS is off', () => {
    expect(conditions(objects)).toHaveLength(2)
    expect(conditions(objects, { flags: { AMBIENT_ENABLE_STATUS: false } })).toEqual([])
  })

  it('in a namespace that istiod does not see', () => {
    const install = (label: string): string =>
      object(
        'Istio',
        'default',
        {
          values: {
            meshConfig: {
              discoverySelectors: [{ matchLabels: { 'istio.io/dataplane-mode': label } }],
            },
          },
        },
        { namespace: undefined },
      )
    expect(conditions([...objects, install('ambient')])).toHaveLength(2)
    expect(conditions([...objects, install('none')])).toEqual([])
  })
})
