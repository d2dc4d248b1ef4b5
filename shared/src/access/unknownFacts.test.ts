import { describe, expect, it } from 'vitest'
import { analyse } from '../testing/checkFiles.js'
import { object, peerAuthentication, type Fields, type Labels } from '../testing/index.js'
import { documents } from '../testing/objectText.js'
import {
  answer,
  AMBIENT,
  fromAccounts,
  gateway,
  namespace,
  pod,
  policy,
  service,
  TO_API_POD,
  toService,
  verdict,
  WEB,
} from '../testing/shopMesh.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { AccessRequest } from './request.js'

// What the files do not show stays undecided.

describe('several PeerAuthentications at one level', () => {
  const OUTSIDE = { from: {}, to: TO_API_POD }
  const mesh = (policies: readonly string[], labels: Labels = AMBIENT): readonly string[] => [
    namespace('shop', labels),
    pod('api'),
    pod('web'),
    ...policies,
  ]
  const wide = (name: string, mode: string): string => peerAuthentication(`shop/${name}`, { mode })
  const forApi = (name: string, mode: string, ports: Fields = {}): string =>
    object('PeerAuthentication', `shop/${name}`, {
      spec: {
        selector: { matchLabels: { app: 'api' } },
        mtls: { mode },
        ...(Object.keys(ports).length > 0 ? { portLevelMtls: ports } : {}),
      },
    })
  const STRICT_OR_NOT = [wide('a', 'STRICT'), wide('b', 'PERMISSIVE')]

  it('stay undecided when one of them moves to another file', () => {
    const moved = forApi('a', 'UNSET', { 8080: { mode: 'STRICT' } })
    const files = { 'mesh.yaml': documents(...mesh([forApi('b', 'UNSET')])), 'old.yaml': moved }
    const analysis = analyse(files, { world: 'closed' })
    const verdictNow = (): unknown => evaluateRequest(analysis.mesh, OUTSIDE).verdict
    expect(verdictNow()).toBe('undecided')
    analysis.update([
      { file: 'old.yaml', text: undefined },
      { file: 'new.yaml', text: moved },
    ])
    expect(verdictNow()).toBe('undecided')
  })

  it.each<[string, readonly string[], string]>([
    ['modes differ', mesh(STRICT_OR_NOT), 'undecided'],
    [
      'modes differ, in another order',
      mesh([wide('a', 'PERMISSIVE'), wide('b', 'STRICT')]),
      'undecided',
    ],
    ['modes are equal', mesh([wide('a', 'STRICT'), wide('b', 'STRICT')]), 'deny'],
    ['modes do the same', mesh([wide('a', 'PERMISSIVE'), wide('b', 'DISABLE')]), 'allow'],
    ['selectors overlap', mesh([forApi('a', 'STRICT'), forApi('b', 'PERMISSIVE')]), 'undecided'],
    ['levels differ', mesh([wide('a', 'PERMISSIVE'), forApi('b', 'STRICT')]), 'deny'],
    [
      'only another port differs',
      mesh([forApi('a', 'PERMISSIVE', { 9090: { mode: 'STRICT' } }), forApi('b', 'PERMISSIVE')]),
      'allow',
    ],
    ['a policy denies in both', mesh([...STRICT_OR_NOT, policy('nobody', { rules: [] })]), 'deny'],
    ['sidecars enforce them', mesh(STRICT_OR_NOT, { 'istio-injection': 'enabled' }), 'undecided'],
    [
      'a sidecar denies in both',
      mesh([...STRICT_OR_NOT, policy('nobody', { rules: [] })], { 'istio-injection': 'enabled' }),
      'deny',
    ],
  ])('decide plaintext if %s', (_, objects, expected) => {
    expect(verdict(objects, OUTSIDE)).toBe(expected)
  })

  it('says why, and decides clients with an identity', () => {
    expect(answer(mesh(STRICT_OR_NOT), OUTSIDE).hops.map(({ reason }) => reason)).toEqual([
      'depends on which PeerAuthentication is the oldest, and no file shows it',
    ])
    expect(verdict(mesh(STRICT_OR_NOT), { from: WEB, to: TO_API_POD })).toBe('allow')
  })
})

describe('a Service without pods in the files', () => {
  const TOOL = object('Kafka', 'shop/tool', { apiVersion: 'kafka.example/v1', spec: {} })
  const mesh = (...more: readonly string[]): readonly string[] => [
    namespace('shop'),
    pod('web'),
    service('api', { labels: {} }),
    ...more,
  ]

  it.each<[string, readonly string[], string]>([
    ['nothing else can create them', mesh(), 'allow'],
    ['another tool may create them', mesh(TOOL), 'undecided'],
    ['the files have some', mesh(TOOL, pod('api')), 'allow'],
    [
      'a headless Service has none',
      [namespace('shop'), pod('web'), service('api', { spec: { clusterIP: 'None' } }), TOOL],
      'undecided',
    ],
    [
      'the waypoint denies already',
      [
        namespace('shop'),
        pod('web'),
        service('api'),
        gateway('waypoint'),
        policy('nobody', { ...toService('api'), rules: [] }),
        TOOL,
      ],
      'deny',
    ],
    [
      'no selector selects them',
      mesh(TOOL, service('api', { labels: {}, spec: { selector: {} } })).filter(
        (_, index) => index !== 2,
      ),
      'allow',
    ],
  ])('is decided if %s', (_, objects, expected) => {
    expect(verdict(objects)).toBe(expected)
  })
})

it.each([
  ['istio', 'undecided'],
  ['istio-east-west', 'undecided'],
  ['istio-waypoint', 'allow'],
])('a Service that uses a Gateway of class %s is %s', (className, expected) => {
  const objects = [
    namespace('shop'),
    pod('web'),
    pod('api'),
    service('api'),
    gateway('waypoint', { className }),
    policy('all', { ...toService('api'), rules: [{}] }),
  ]
  expect(verdict(objects)).toBe(expected)
})

describe('a policy with fields that another tool fills in', () => {
  const withPolicy = (spec: Fields, more: readonly string[] = []): readonly string[] => [
    namespace('shop'),
    pod('web'),
    pod('api'),
    policy('some', spec),
    ...more,
  ]
  const rule = (source: Fields) => ({ rules: [{ from: [{ source }] }] })
  const WHY =
    'another tool fills in fields of AuthorizationPolicy shop/some: the verdict depends on them'

  it.each<[string, Fields, AccessRequest['from'], string]>([
    ['any trust domain', rule({ principals: ['${DOMAIN}/ns/shop/sa/web'] }), WEB, 'undecided'],
    ['another account', rule({ principals: ['${DOMAIN}/ns/shop/sa/db'] }), WEB, 'deny'],
    ['no identity', rule({ principals: ['${CLIENT}'] }), {}, 'deny'],
    ['every client but one', rule({ notPrincipals: ['${CLIENT}'] }), WEB, 'undecided'],
    ['an address', rule({ ipBlocks: ['${BLOCK}'] }), WEB, 'undecided'],
    ['a service account', rule({ serviceAccounts: ['shop/${NAME}'] }), WEB, 'undecided'],
    ['a service account, no identity', rule({ serviceAccounts: ['shop/${NAME}'] }), {}, 'deny'],
    [
      'a client beside one that matches',
      rule({ principals: ['${X}', 'cluster.local/ns/shop/sa/web'] }),
      WEB,
      'allow',
    ],
    ['a denied client', { action: 'DENY', ...rule({ namespaces: ['${NS}'] }) }, WEB, 'undecided'],
    [
      'a denied port',
      { action: 'DENY', rules: [{ to: [{ operation: { ports: ['${PORT}'] } }] }] },
      WEB,
      'undecided',
    ],
    ['a port', { rules: [{ to: [{ operation: { ports: ['${PORT}', '8080'] } }] }] }, WEB, 'allow'],
    [
      'a condition',
      { rules: [{ when: [{ key: 'source.namespace', values: ['${NS}'] }] }] },
      WEB,
      'undecided',
    ],
    ['the action', { action: '${ACTION}', rules: [{}] }, WEB, 'undecided'],
    [
      'an action without effect',
      { action: '${ACTION}', ...rule({ namespaces: ['x'] }) },
      WEB,
      'undecided',
    ],
    ['the selector', { selector: { matchLabels: { app: '${APP}' } }, rules: [] }, WEB, 'undecided'],
    [
      'a selector beside a label that no pod has',
      { selector: { matchLabels: { app: '${APP}', tier: 'db' } }, rules: [] },
      WEB,
      'allow',
    ],
  ])('decides with %s', (_, spec, from, expected) => {
    const { verdict: found, assumptions } = answer(withPolicy(spec), { from, to: TO_API_POD })
    expect(found).toBe(expected)
    expect(assumptions.includes(WHY)).toBe(expected === 'undecided')
  })

  it('has the pods of a selector with the same text', () => {
    const objects = [
      namespace('shop'),
      pod('web'),
      pod('api', { labels: { app: '${APP}' } }),
      policy('some', { selector: { matchLabels: { app: '${APP}' } }, rules: [] }),
    ]
    expect(verdict(objects, { to: TO_API_POD })).toBe('deny')
  })

  it('may target each Service', () => {
    const objects = withPolicy(
      { targetRefs: [{ group: '', kind: 'Service', name: '${NAME}' }], rules: [] },
      [service('api', { labels: { 'istio.io/use-waypoint': 'waypoint' } }), gateway('waypoint')],
    )
    expect(verdict(objects)).toBe('undecided')
    expect(verdict(objects, { to: TO_API_POD })).toBe('allow')
  })

  it('of PeerAuthentication decides for clients without an identity only', () => {
    const objects = [
      namespace('shop'),
      pod('web'),
      pod('api'),
      peerAuthentication('shop/some', { mode: '${MODE}' }),
    ]
    expect(verdict(objects, { from: {}, to: TO_API_POD })).toBe('undecided')
    expect(verdict(objects, { to: TO_API_POD })).toBe('allow')
  })
})

it('the account of a WorkloadEntry has an identity, and an assumption', () => {
  const objects = [
    namespace('shop'),
    pod('api'),
    object('WorkloadEntry', 'shop/vm', { spec: { serviceAccount: 'vm' } }),
    policy('vm', { rules: [fromAccounts('shop/vm')] }),
  ]
  const { verdict: found, assumptions } = answer(objects, {
    from: { namespace: 'shop', serviceAccount: 'vm' },
    to: TO_API_POD,
  })
  expect([found, assumptions]).toEqual([
    'allow',
    ['the client shop/vm, a WorkloadEntry, has a proxy of the mesh'],
  ])
})
