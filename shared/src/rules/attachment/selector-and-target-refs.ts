import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { AttachmentField } from '../../resources/targetRef.js'
import { convertRules } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { removeSelector } from './removeSelector.js'
import { defineRule } from '../rule.js'
import { listed } from '../support/words.js'

type Policy = AuthorizationPolicy | RequestAuthentication

export const selectorAndTargetRefs = defineRule({
  name: 'selector-and-target-refs',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: [],
  checksRejected: true,
  check(policy, { report }) {
    if (policy.attachments.length < 2) return
    const [first = 'selector', second = 'targetRefs'] = policy.attachments
    report({
      message: `The API server rejects this ${policy.type}: ${listed(policy.attachments)} cannot be used together.`,
      path: ['spec', second],
      on: 'key',
      related: [
        {
          resource: policy,
          path: ['spec', first],
          message: `"${first}" is set here.`,
        },
      ],
      fixes: () => rankFixes(...fixesFor(policy)),
    })
  },
})

/**
 * Removes an empty field first, then the old `targetRef`, then `selector`; targets only if ztunnel
 * can enforce the policy as written.
 */
function fixesFor(policy: Policy): (Fix | undefined)[] {
  const has = (field: AttachmentField): boolean => policy.attachments.includes(field)
  if (policy.attachments.length > 2) return []
  const emptyRefs =
    has('targetRefs') && !policy.targetRefs.some(({ path }) => path[1] === 'targetRefs')
  const emptySelector = has('selector') && isEmptyLabels(policy.selector?.matchLabels)
  if (!has('selector')) return [removeField(policy, emptyRefs ? 'targetRefs' : 'targetRef')]
  if (emptyRefs && emptySelector) return []
  if (emptySelector) return [removeSelector(policy)]
  if (emptyRefs) return [removeField(policy, 'targetRefs')]
  return [
    removeSelector(policy),
    isForZtunnel(policy)
      ? removeField(policy, has('targetRefs') ? 'targetRefs' : 'targetRef')
      : undefined,
  ]
}

function removeField(policy: Policy, field: 'targetRef' | 'targetRefs'): Fix {
  return {
    title: `Remove ${field}`,
    preferred: true,
    safe: false,
    edits: [{ op: 'remove', resource: policy, path: ['spec', field] }],
  }
}

/** Whether ztunnel could enforce the policy as it is written. */
function isForZtunnel(policy: Policy): boolean {
  if (
    policy.type === 'RequestAuthentication' ||
    policy.action === 'CUSTOM' ||
    policy.action === 'AUDIT'
  )
    return false
  return convertRules(policy).every((rule) => rule.unsupported.length === 0 && rule.effective)
}
