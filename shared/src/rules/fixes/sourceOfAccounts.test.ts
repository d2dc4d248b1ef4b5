import { expect, it } from 'vitest'
import {
  authorizationPolicy,
  deployment,
  documents,
  expectFixed,
  from,
  namespace,
  service,
  waypoint,
} from '../../testing/index.js'

const mesh = documents(
  namespace('shop'),
  waypoint('shop/waypoint'),
  service('shop/api', { waypoint: 'waypoint' }),
  deployment('shop/api'),
  deployment('shop/web'),
  authorizationPolicy('shop/clients', {
    app: 'api',
    rules: [from({ principals: ['cluster.local/ns/shop/sa/web'] })],
  }),
)

it.each([
  ['1.24', 'cluster.local/ns/shop/sa/waypoint'],
  ['1.25', 'shop/waypoint'],
])('a fix names the waypoint in a field that release %s has', (istioVersion, named) => {
  const fixed = expectFixed(mesh, {
    rule: 'waypoint-identity-denied',
    title: "Allow the waypoint's service account: every client of the waypoint is then allowed",
    settings: { istioVersion },
  })
  expect(fixed['test.yaml']).toContain(named)
})
