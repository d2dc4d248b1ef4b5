import { expect, it } from 'vitest'
import { analyse, findingsOf } from '../../testing/index.js'
import { outboundPolicyNotEnforcedPage } from './outbound-policy-not-enforced.page.js'
import { outboundPolicyNotEnforced } from './outbound-policy-not-enforced.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === outboundPolicyNotEnforced.name)
    .map(({ message }) => message)

it('outbound-policy-not-enforced reports the bad example of its page', () => {
  expect(found(outboundPolicyNotEnforcedPage.bad)).toEqual([
    'Workloads in ambient mode reach every external host: ztunnel does not enforce REGISTRY_ONLY.',
  ])
})

it('outbound-policy-not-enforced reports nothing for the good example of its page', () => {
  expect(found(outboundPolicyNotEnforcedPage.good)).toEqual([])
})
