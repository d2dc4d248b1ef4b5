import { describe, expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  findingsOf,
  namespace,
  object,
  service,
  to,
  Views,
  waypoint,
} from '../testing/index.js'
import type { AccessRequest } from '../access/request.js'

const selectors = (...discoverySelectors: readonly unknown[]): string =>
  object('IstioOperator', 'istio-system/mesh', { spec: { meshConfig: { discoverySelectors } } })
const SEEN = { seen: 'yes' }
const BY_LABEL = selectors({ matchLabels: SEEN })
const request = (client = 'front'): AccessRequest => ({
  from: { namespace: client, serviceAccount: 'web' },
  to: { service: 'back/api', port: 80 },
  http: { method: 'PUT' },
})
const GET_ONLY = authorizationPolicy('back/get', {
  targetRefs: ['Service/api'],
  rules: [to({ methods: ['GET'] })],
})
const client = (name: string): string => deployment(`${name}/web`, { serviceAccount: 'web' })

/** The Service `back/api` behind a waypoint of the namespace `doors`. */
const behindDoors = (labelsOfDoors: Readonly<Record<string, string>>): string =>
  documents(
    BY_LABEL,
    namespace('front', { labels: SEEN }),
    client('front'),
    namespace('doors', { ambient: false, labels: labelsOfDoors }),
    waypoint('doors/door', { allowedNamespaces: 'All' }),
    namespace('back', { waypoint: 'doors/door', labels: SEEN }),
    service('back/api'),
    deployment('back/api'),
    GET_ONLY,
  )

describe('a waypoint in a namespace that discoverySelectors leave out', () => {
  it('binds nothing, and the label that names it is reported', () => {
    const views = new Views(behindDoors({}))
    expect(views.evaluate(request()).verdict).toBe('allow')
    expect(views.status('api')).toMatchObject({ status: 'False', reason: 'WaypointIsNotReady' })
    expect(views.findings('back').map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'waypoint-not-found: No L7 policy is enforced in this namespace: discoverySelectors leave out namespace "doors" with its waypoint.',
    ])
    expect(views.explain('Service', 'back', 'api')).toMatchObject({
      waypoint: {
        status: 'error',
        why: 'istio.io/use-waypoint of namespace "back" names doors/door, but discoverySelectors exclude its namespace; traffic goes directly to the pods',
      },
    })
  })

  it('is used if a selector selects its namespace', () => {
    const views = new Views(behindDoors(SEEN))
    expect(views.evaluate(request()).verdict).toBe('deny')
    expect(views.findings('back')).toEqual([])
  })

  it('may be used if another tool fills in the label', () => {
    const views = new Views(behindDoors({ seen: '${SEEN}' }))
    expect(views.findings('back')).toEqual([])
    expect(views.evaluate(request()).assumptions).toContain(
      'discoverySelectors select the namespace doors',
    )
  })
})

it('a captured client that ztunnel does not know cannot connect', () => {
  const text = documents(behindDoors(SEEN), namespace('dark'), client('dark'))
  const answer = new Views(text).evaluate({ ...request('dark'), http: { method: 'GET' } })
  expect([answer.verdict, answer.hops]).toMatchObject([
    'deny',
    [{ point: 'ztunnel', name: 'dark/web', reason: 'timed out waiting for workload' }],
  ])
})

describe('a policy with a label for a revision', () => {
  const install = (revision: string): string =>
    object('IstioOperator', 'istio-system/mesh', { spec: { revision, profile: 'ambient' } })
  const shop = (...others: readonly string[]): string =>
    documents(
      namespace('back'),
      namespace('front'),
      client('front'),
      service('back/api'),
      deployment('back/api'),
      authorizationPolicy('back/close', { labels: { 'istio.io/rev': 'blue' } }),
      ...others,
    )
  const denied = (text: string): unknown => {
    const { verdict, assumptions } = new Views(text).evaluate(request())
    return [verdict, assumptions]
  }
  it('is read by an assumption if no install names its revision', () => {
    expect(denied(shop())).toEqual([
      'deny',
      [
        'the istiod of this mesh has the revision "blue" and reads the AuthorizationPolicy back/close',
      ],
    ])
  })

  it('is read if the install has its revision', () => {
    expect(denied(shop(install('blue')))).toEqual(['deny', []])
  })

  it('is not read if the install has another revision', () => {
    expect(denied(shop(install('green')))).toEqual(['allow', []])
    const views = new Views(shop(install('green')))
    expect(views.status('close')).toBeUndefined()
    expect(views.explain('AuthorizationPolicy', 'back', 'close')).toMatchObject({
      effect: [
        'istiod does not read the policy: its label istio.io/rev is "blue", and the revision of istiod is "green".',
      ],
    })
  })

  it('has findings with the assumption, and none if istiod does not read it', () => {
    const dropped = authorizationPolicy('back/l7', {
      app: 'api',
      labels: { 'istio.io/rev': 'blue' },
      rules: [to({ methods: ['GET'] })],
    })
    const found = (text: string) =>
      findingsOf(analyse(text))
        .filter(({ rule }) => rule === 'l7-allow-rule-dropped')
        .map(({ level, assumptions }) => [level, assumptions])
    expect(found(shop(dropped))).toEqual([['warning', ['istiod has the revision "blue"']]])
    expect(found(shop(dropped, install('blue')))).toEqual([['error', []]])
    expect(found(shop(dropped, install('green')))).toEqual([])
  })
})

describe('a WorkloadEntry', () => {
  const entry = (
    spec: Readonly<Record<string, string>>,
    labels: Readonly<Record<string, string>> = {},
  ): string =>
    documents(
      namespace('hall'),
      waypoint('hall/gate', { for: 'all' }),
      waypoint('hall/services'),
      object('WorkloadEntry', 'hall/vm', { labels, spec: { address: '192.0.2.7', labels: spec } }),
    )
  const USE = 'istio.io/use-waypoint'

  it.each<[string, string, string | undefined]>([
    ['uses the waypoint of spec.labels', entry({ [USE]: 'gate' }), 'True WaypointAccepted'],
    [
      'uses the waypoint of metadata.labels first',
      entry({ [USE]: 'services' }, { [USE]: 'gate' }),
      'True WaypointAccepted',
    ],
    ['has an error of its own label', entry({ [USE]: 'services' }), 'False UnsupportedTrafficType'],
    ['has no waypoint', entry({}), undefined],
  ])('%s', (_, text, expected) => {
    const condition = new Views(text).status('vm')
    expect(condition && `${condition.status} ${condition.reason}`).toBe(expected)
  })

  it('reports its label where it is written', () => {
    const [finding] = new Views(entry({ [USE]: 'services' })).findings('vm')
    expect([finding?.rule, finding?.place]).toMatchObject([
      'waypoint-traffic-type',
      { path: ['spec', 'labels', USE] },
    ])
  })
})
