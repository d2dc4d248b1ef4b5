import { expect, it } from 'vitest'
import {
  authorizationPolicy,
  documents,
  namespace,
  pod,
  service,
  Views,
  waypoint,
} from '../testing/index.js'

/** A waypoint with a policy for its Gateway. */
const waypointWithPolicy = (name: string): string =>
  documents(
    waypoint(`shop/${name}`),
    authorizationPolicy(`shop/at-${name}`, { targetRefs: [`Gateway/${name}`], rules: [{}] }),
  )
const mesh = (weight: string): Views =>
  new Views(
    documents(
      namespace('shop'),
      service('shop/api', {
        waypoint: 'waypoint',
        labels: { 'istio.io/use-waypoint-canary': 'canary' },
        annotations: { 'istio.io/use-waypoint-canary-weight': weight },
      }),
      pod('shop/api'),
      authorizationPolicy('shop/at-pods', { app: 'api', rules: [{}] }),
      authorizationPolicy('shop/at-service', { targetRefs: ['Service/api'], rules: [{}] }),
      waypointWithPolicy('waypoint'),
      waypointWithPolicy('canary'),
    ),
  )

it.each<[string, string[], string[]]>([
  ['0', ['waypoint'], ['shop/at-service', 'shop/at-waypoint']],
  [
    '10',
    ['canary', 'waypoint'],
    ['shop/at-canary', 'shop/at-service', 'shop/at-service', 'shop/at-waypoint'],
  ],
  ['100', ['canary'], ['shop/at-canary', 'shop/at-service']],
])(
  'with the canary weight %s the pods see the waypoints %j and the Service has their policies',
  (weight, seen, policies) => {
    const views = mesh(weight)
    const policy = views.explain('AuthorizationPolicy', 'shop', 'at-pods')
    const service = views.explain('Service', 'shop', 'api')
    if (!('targets' in policy) || !('policies' in service))
      throw new Error('The explanations have another type.')
    expect(policy.targets.map(({ sourceIdentity }) => sourceIdentity).sort()).toEqual(
      seen.map((account) => `cluster.local/ns/shop/sa/${account}`),
    )
    expect(
      service.policies
        .filter(({ enforcedBy }) => enforcedBy === 'waypoint')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(policies)
    expect(service.facts.filter((fact) => fact.includes('canary'))).toEqual(
      weight === '0'
        ? []
        : [`${weight} % of the connections take the canary waypoint shop/canary.`],
    )
  },
)

it.each<[string, string[]]>([
  ['0', ['shop/waypoint']],
  ['10', ['shop/waypoint', 'shop/canary']],
  ['100', ['shop/canary']],
])('with the canary weight %s a policy for the Service is enforced by %j', (weight, waypoints) => {
  const policy = mesh(weight).explain('AuthorizationPolicy', 'shop', 'at-service')
  if (!('targets' in policy)) throw new Error('The explanation has another type.')
  expect(policy.targets.map(({ enforcedBy, enforcer }) => [enforcedBy, enforcer])).toEqual(
    waypoints.map((name) => ['waypoint', name]),
  )
})
