import { expect, it } from 'vitest'
import { authorizationPolicy, pod, resourceOf } from '../testing/index.js'
import type { AuthorizationPolicyOptions } from '../testing/policyBuilders.js'
import { indexKeys, keys } from './indexKeys.js'

it('a resource is listed under each of its keys', () => {
  const text = pod('n/p', { app: 'x', labels: { v: '1' } })
  expect(indexKeys(resourceOf('Pod', text)).sort()).toEqual([
    'Identity|n|default',
    'Pod',
    'Pod|n',
    'Pod|n|p',
    'Workload',
    'Workload|n',
    'Workload|n|app=x',
    'Workload|n|v=1',
    'Workload||app=x',
    'Workload||v=1',
  ])
})

it('a policy is listed by the first pair of its selector, or by its targets', () => {
  const ownKeys = (options: AuthorizationPolicyOptions): string[] =>
    indexKeys(resourceOf('AuthorizationPolicy', authorizationPolicy('n/p', options))).slice(3)
  expect(ownKeys({})).toEqual([keys.selecting('AuthorizationPolicy', 'n', '*')])
  expect(ownKeys({ spec: { selector: { matchLabels: { b: '2', a: '1' } } } })).toEqual([
    keys.selecting('AuthorizationPolicy', 'n', 'a=1'),
  ])
  expect(ownKeys({ targetRefs: ['Service/s'] })).toEqual([keys.targeting('n', 'Service', 's')])
})
