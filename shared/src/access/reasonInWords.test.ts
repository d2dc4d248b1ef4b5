import { expect, it } from 'vitest'
import { peerAuthentication, type Fields } from '../testing/index.js'
import {
  answer,
  fromAccounts,
  install,
  policy,
  SHOP,
  SIDECAR,
  TO_API_POD,
  namespace,
  pod,
  toService,
} from '../testing/shopMesh.js'
import { reasonInWords } from './reasonInWords.js'

const reasons = (...given: Parameters<typeof answer>): string[] =>
  answer(...given).hops.map(reasonInWords)
const strict = (spec: Fields): string => peerAuthentication('shop/p', { mode: 'STRICT', spec })
const direct = { to: TO_API_POD }
const plaintext = { from: {} }

it('a reason names the policy that decided', () => {
  const allow = policy('readers', { ...toService('api'), rules: [fromAccounts('web')] })
  const deny = policy('no', { action: 'DENY', rules: [fromAccounts('waypoint', 'web')] })
  expect(reasons([...SHOP, allow, deny])).toEqual(['allowed by shop/readers', 'denied by shop/no'])
})

it('a reason says that no policy applies, or that no rule matched', () => {
  expect(reasons(SHOP)).toEqual(['no ALLOW policy applies', 'no ALLOW policy applies'])
  expect(reasons([...SHOP, policy('none', toService('api'))])).toEqual(['no ALLOW rule matched'])
  expect(reasons([...SHOP, policy('none', {})], direct)).toEqual(['no ALLOW rule matched'])
})

it('a reason says why istiod rejects an external authorizer', () => {
  const ask = policy('ask', {
    ...toService('api'),
    action: 'CUSTOM',
    provider: { name: 'opa' },
    rules: [{}],
  })
  expect(reasons([...SHOP, ask, install('default', { extensionProviders: [] })])).toEqual([
    'denied by shop/ask: istiod rejects its external authorizer: MeshConfig has no extension provider "opa"',
  ])
})

it('a reason calls the policies of a PeerAuthentication STRICT mTLS', () => {
  const rejected = ['STRICT mTLS: plaintext is rejected']
  expect(reasons([...SHOP, strict({})], plaintext)).toEqual(rejected)
  const car = [namespace('shop'), pod('api', { labels: SIDECAR })]
  expect(reasons([...car, strict({})], { ...direct, ...plaintext })).toEqual(rejected)
  const except = strict({
    selector: { matchLabels: { app: 'api' } },
    portLevelMtls: { 9090: { mode: 'PERMISSIVE' } },
  })
  expect(reasons([...SHOP, except], plaintext)).toEqual([
    'STRICT mTLS of PeerAuthentication shop/p: plaintext is rejected',
  ])
})

it('a reason stays as it is where no policy decided', () => {
  const ask = { ...toService('api'), action: 'CUSTOM', provider: { name: 'opa' }, rules: [{}] }
  expect(reasons([...SHOP, policy('ask', ask)])[0]).toBe('the external authorizer "opa" decides')
})
