import { describe, expect, it } from 'vitest'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import {
  decided,
  everything,
  get,
  policy,
  post,
  unsure,
  verdict,
} from '../testing/envoyDecision.js'

describe('the order of the filters', () => {
  const allow = policy('allow', { rules: [get] })
  const deny = policy('deny', { action: 'DENY', rules: [post, get] })
  const custom = policy('custom', { action: 'CUSTOM', rules: [everything], provider: 'opa' })

  it.each<
    [string, readonly AuthorizationPolicy[], string, string, string | undefined, number | undefined]
  >([
    ['no policy', [], 'allow', 'no allow policies, allow', undefined, undefined],
    ['an ALLOW that matches', [allow], 'allow', 'allow policy match', 'allow', 0],
    [
      'an ALLOW that does not match',
      [policy('allow', { rules: [post] })],
      'deny',
      'rbac_access_denied_matched_policy[none]',
      undefined,
      undefined,
    ],
    [
      'an ALLOW without rules',
      [policy('allow', {})],
      'deny',
      'rbac_access_denied_matched_policy[none]',
      undefined,
      undefined,
    ],
    [
      'two ALLOW policies of which one matches',
      [policy('other', { rules: [post] }), policy('second', { rules: [post, get] })],
      'allow',
      'allow policy match',
      'second',
      1,
    ],
    [
      'a DENY and an ALLOW that match',
      [allow, deny],
      'deny',
      'rbac_access_denied_matched_policy[ns[shop]-policy[deny]-rule[1]]',
      'deny',
      1,
    ],
    [
      'a DENY without rules',
      [policy('deny', { action: 'DENY' })],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'a DENY that does not match',
      [policy('deny', { action: 'DENY', rules: [post] })],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'an AUDIT, which only logs',
      [policy('audit', { action: 'AUDIT', rules: [everything] })],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'dry-run policies, which only log',
      [
        policy('dry', { rules: [post], annotations: { 'istio.io/dry-run': 'true' } }),
        policy('dry', {
          action: 'DENY',
          rules: [everything],
          annotations: { 'istio.io/dry-run': '1' },
        }),
      ],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'a policy with an invalid dry-run annotation, which is enforced',
      [
        policy('dry', {
          action: 'DENY',
          rules: [everything],
          annotations: { 'istio.io/dry-run': 'yes' },
        }),
      ],
      'deny',
      'rbac_access_denied_matched_policy[ns[shop]-policy[dry]-rule[0]]',
      'dry',
      0,
    ],
    [
      'a CUSTOM that matches',
      [custom],
      'undecided',
      'the external authorizer "opa" decides',
      'custom',
      0,
    ],
    [
      'a CUSTOM that does not match',
      [policy('custom', { action: 'CUSTOM', rules: [post], provider: 'opa' })],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'a CUSTOM and a DENY that match',
      [custom, deny],
      'deny',
      'rbac_access_denied_matched_policy[ns[shop]-policy[deny]-rule[1]]',
      'deny',
      1,
    ],
    [
      'a CUSTOM that matches and an ALLOW that does not',
      [custom, policy('allow', {})],
      'deny',
      'rbac_access_denied_matched_policy[none]',
      undefined,
      undefined,
    ],
    [
      'a CUSTOM and an ALLOW that match',
      [custom, allow],
      'undecided',
      'the external authorizer "opa" decides',
      'custom',
      0,
    ],
    [
      'a CUSTOM without a provider',
      [policy('custom', { action: 'CUSTOM', rules: [everything] })],
      'undecided',
      'the external authorizer "" decides',
      'custom',
      0,
    ],
    [
      'a DENY that may match',
      [policy('deny', { action: 'DENY', rules: [unsure] })],
      'undecided',
      'depends on something that the request does not specify',
      'deny',
      0,
    ],
    [
      'an ALLOW that may match',
      [policy('allow', { rules: [post, unsure] })],
      'undecided',
      'depends on something that the request does not specify',
      'allow',
      1,
    ],
    [
      'an ALLOW with a rule that may match and one that matches',
      [policy('allow', { rules: [unsure, get] })],
      'allow',
      'allow policy match',
      'allow',
      1,
    ],
    [
      'an ALLOW that may match and one that matches',
      [policy('maybe', { rules: [unsure] }), allow],
      'allow',
      'allow policy match',
      'allow',
      0,
    ],
    [
      'a DENY that may match and an ALLOW that matches',
      [policy('deny', { action: 'DENY', rules: [unsure] }), allow],
      'undecided',
      'depends on something that the request does not specify',
      'deny',
      0,
    ],
    [
      'a DENY that may match and one that matches',
      [policy('maybe', { action: 'DENY', rules: [unsure] }), deny],
      'deny',
      'rbac_access_denied_matched_policy[ns[shop]-policy[deny]-rule[1]]',
      'deny',
      1,
    ],
  ])('Envoy decides about %s', (_, policies, expected, reason, name, rule) => {
    const found = decided(policies)
    expect({
      verdict: found.verdict,
      reason: found.reason,
      name: found.policy?.name,
      rule: found.rule,
    }).toEqual({ verdict: expected, reason, name, rule })
  })

  it('requests for two external authorizers are denied unless the flag allows them', () => {
    const other = policy('other', { action: 'CUSTOM', rules: [post], provider: 'keycloak' })
    const dry = policy('dry', {
      action: 'CUSTOM',
      rules: [post],
      provider: 'dry',
      annotations: { 'istio.io/dry-run': 'true' },
    })
    expect(decided([custom, other])).toMatchObject({
      verdict: 'deny',
      reason: 'istiod rejects its external authorizer: the CUSTOM policies name several providers',
      policy: { name: 'custom' },
      rule: 0,
    })
    expect(verdict([custom, dry])).toBe('deny')
    expect(verdict([custom, other], {}, { severalProviders: true })).toBe('undecided')
    expect(
      verdict([
        custom,
        policy('again', { action: 'CUSTOM', rules: [everything], provider: 'opa' }),
      ]),
    ).toBe('undecided')
    expect(
      verdict([other, policy('third', { action: 'CUSTOM', rules: [post], provider: 'opa' })]),
    ).toBe('allow')
    expect(
      verdict([policy('maybe', { action: 'CUSTOM', rules: [unsure], provider: 'opa' }), other]),
    ).toBe('undecided')
    expect(
      verdict([custom, policy('deny', { action: 'DENY', rules: [everything], provider: 'x' })]),
    ).toBe('deny')
  })

  it('requests for an external authorizer that MeshConfig lacks are denied', () => {
    const lacks = { extensionProviders: ['opa-2'] }
    expect(decided([custom], {}, lacks)).toMatchObject({
      verdict: 'deny',
      reason: 'istiod rejects its external authorizer: MeshConfig has no extension provider "opa"',
      policy: { name: 'custom' },
      rule: 0,
    })
    expect(verdict([custom], {}, { extensionProviders: [] })).toBe('deny')
    expect(verdict([custom], {}, { extensionProviders: ['opa-2', 'opa'] })).toBe('undecided')
    const elsewhere = policy('other', { action: 'CUSTOM', rules: [post], provider: 'opa' })
    expect(verdict([elsewhere], {}, lacks)).toBe('allow')
    const maybe = policy('maybe', { action: 'CUSTOM', rules: [unsure], provider: 'opa' })
    expect(verdict([maybe], {}, lacks)).toBe('undecided')
  })
})
