import { expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  findingsOf,
  from,
  httpRoute,
  namespace,
  service,
  to,
  waypoint,
} from '../../testing/index.js'

const SHOP = documents(
  namespace('shop'),
  waypoint('shop/waypoint'),
  service('shop/api', { waypoint: 'waypoint' }),
  deployment('shop/api'),
  authorizationPolicy('shop/clients', { app: 'api', rules: [from({ serviceAccounts: ['web'] })] }),
)
const MOVE = 'Enforce at the waypoint and allow only traffic from the waypoint'

const fixesOf = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === 'waypoint-identity-denied')
    .flatMap(({ fixes }) =>
      fixes.map(({ preferred, title }) => `${preferred ? 'preferred: ' : ''}${title}`),
    )
    .filter((title) => title.includes(MOVE))

it('a policy is moved to the waypoint where nothing else leads to its pods', () => {
  expect(fixesOf(SHOP)).toEqual([`preferred: ${MOVE}`])
})

it('a policy is not moved where a route of another Service leads to its pods', () => {
  const shopfront = documents(
    service('shop/front', { waypoint: 'waypoint' }),
    deployment('shop/front'),
    httpRoute('shop/front', {
      parents: ['Service/front'],
      spec: { rules: [{ backendRefs: [{ name: 'api', port: 80 }] }] },
    }),
  )
  expect(fixesOf(documents(SHOP, shopfront))).toEqual([])
})

it('a policy that joins other ALLOW policies of the waypoint is not the preferred way', () => {
  const gets = authorizationPolicy('shop/gets', {
    targetRefs: ['Service/api'],
    rules: [to({ methods: ['GET'] })],
  })
  expect(fixesOf(documents(SHOP, gets))).toEqual([
    `${MOVE}: what its other ALLOW policies allow is then allowed`,
  ])
})

it('the companion policy allows the canary waypoint too', () => {
  const text = documents(
    namespace('shop'),
    waypoint('shop/waypoint'),
    waypoint('shop/next'),
    service('shop/api', {
      waypoint: 'waypoint',
      labels: { 'istio.io/use-waypoint-canary': 'next' },
      annotations: { 'istio.io/use-waypoint-canary-weight': '10' },
    }),
    deployment('shop/api'),
    authorizationPolicy('shop/clients', {
      app: 'api',
      rules: [from({ serviceAccounts: ['web'] })],
    }),
  )
  const [finding] = findingsOf(analyse(text)).filter(
    ({ rule }) => rule === 'waypoint-identity-denied',
  )
  const move = finding?.fixes.find(({ title }) => title === MOVE)
  expect(JSON.stringify(move?.edits)).toContain('["shop/waypoint","shop/next"]')
  expect(JSON.stringify(move?.edits)).toContain('"kind":"Service"')
})
