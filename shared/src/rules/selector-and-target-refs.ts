import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../resources/requestAuthentication.js'
import { isEmptyLabels } from '../resources/selector.js'
import type { AttachmentField } from '../resources/targetRef.js'
import { convertRules } from '../ztunnel/convertAuthorizationPolicy.js'
import type { Fix } from './fix.js'
import { choices } from './fixes/choices.js'
import { removeSelector } from './fixes/removeSelector.js'
import { defineRule } from './rule.js'
import { listed } from './support/words.js'

type Policy = AuthorizationPolicy | RequestAuthentication

export const selectorAndTargetRefs = defineRule({
  name: 'selector-and-target-refs',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: [],
  docs: {
    summary: 'A policy says in two ways what it is attached to.',
    why: 'Of `selector`, `targetRef` and `targetRefs` at most one may be present, an empty one included: the API server refuses the object with `only one of targetRefs or selector can be set`, and what it should enforce is not enforced. (Where validation is off, ztunnel ignores such a policy and a waypoint goes by its `targetRefs`.)',
    bad: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`,
    good: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`,
    fix: 'Keep `targetRefs` for what a waypoint or gateway shall enforce, `selector` for what ztunnel shall.',
    references: ['istio/api kubernetes/customresourcedefinitions.gen.yaml (x-kubernetes-validations of spec)', 'istio/istio pkg/config/validation/validation.go (validateOneOfSelectorType)'],
  },
  check(policy, { report }) {
    if (policy.attachments.length < 2) return
    const [first = 'selector', second = 'targetRefs'] = policy.attachments
    report({
      message: `This ${policy.type} has ${listed(policy.attachments)}: the API server refuses it, so nothing of it is enforced.`,
      path: ['spec', second],
      on: 'key',
      related: [{ resource: policy, path: ['spec', first], message: `${first} stands here; only one of them may be present.` }],
      fixes: () => choices(...repairs(policy)),
    })
  },
})

/** Removing what is empty comes first, then the old `targetRef`, then `selector`; `targetRefs` that hold something only where ztunnel can enforce the policy. */
function repairs(policy: Policy): (Fix | undefined)[] {
  const has = (field: AttachmentField): boolean => policy.attachments.includes(field)
  if (policy.attachments.length > 2) return []
  const emptyRefs = has('targetRefs') && !policy.targetRefs.some(({ path }) => path[1] === 'targetRefs')
  const emptySelector = has('selector') && isEmptyLabels(policy.selector?.matchLabels)
  if (!has('selector')) return [remove(policy, emptyRefs ? 'targetRefs' : 'targetRef')]
  if (emptyRefs && emptySelector) return []
  if (emptySelector) return [removeSelector(policy)]
  if (emptyRefs) return [remove(policy, 'targetRefs')]
  return [removeSelector(policy), isForZtunnel(policy) ? remove(policy, has('targetRefs') ? 'targetRefs' : 'targetRef') : undefined]
}

function remove(policy: Policy, field: 'targetRef' | 'targetRefs'): Fix {
  return { title: `Remove ${field}`, preferred: true, safe: false, edits: [{ op: 'remove', resource: policy, path: ['spec', field] }] }
}

/** Whether ztunnel could enforce the policy as it is written. */
function isForZtunnel(policy: Policy): boolean {
  if (policy.type === 'RequestAuthentication' || policy.action === 'CUSTOM' || policy.action === 'AUDIT') return false
  return convertRules(policy).every((rule) => rule.unsupported.length === 0 && rule.effective)
}
