import type { FieldPath } from '../yaml/node.js'
import { attributeValues } from './attributeValues.js'
import { KEY_SUGGESTIONS } from './attributeSuggestions.js'
import { choices, type Suggestion } from './completion.js'
import { policyKind, type Draft, type PolicyKind } from './draft.js'
import { isAt, ITEM, KEY, type PathPattern } from './pathPattern.js'
import { targetValues } from './targetSuggestions.js'

interface ValuesAt {
  readonly at: PathPattern
  readonly values: readonly Suggestion[]
}

const MODES = choices({
  STRICT: 'Plaintext is rejected.',
  PERMISSIVE: 'Plaintext and mTLS are both accepted.',
  DISABLE: 'Same as `PERMISSIVE`: ambient mode never switches mTLS off.',
  UNSET: 'Inherited from the namespace or the mesh.',
})

/** Values that do not depend on the mesh. */
const FIXED: Readonly<Record<PolicyKind, readonly ValuesAt[]>> = {
  AuthorizationPolicy: [
    {
      at: ['spec', 'action'],
      values: choices({
        ALLOW: 'Allows what a rule matches; everything else is denied.',
        DENY: 'Denies what a rule matches.',
        AUDIT: 'Waypoints log what a rule matches; ztunnel does not receive the policy.',
        CUSTOM: 'Waypoints ask an external authorizer; ztunnel does not receive the policy.',
      }),
    },
    { at: ['spec', 'rules', ITEM, 'when', ITEM, 'key'], values: KEY_SUGGESTIONS },
  ],
  PeerAuthentication: [
    { at: ['spec', 'mtls', 'mode'], values: MODES },
    { at: ['spec', 'portLevelMtls', KEY, 'mode'], values: MODES },
  ],
  RequestAuthentication: [],
}

/** The values of a field or an item in a policy. None for other objects and fields. */
export function policyValues(draft: Draft, path: FieldPath): readonly Suggestion[] {
  const kind = policyKind(draft)
  if (!kind) return []
  const fixed = FIXED[kind].find(({ at }) => isAt(path, at))
  if (fixed) return fixed.values
  if (kind !== 'PeerAuthentication' && isAt(path, ['spec', 'targetRefs', ITEM, KEY]))
    return targetValues(draft, path)
  return kind === 'AuthorizationPolicy' ? attributeValues(draft, path) : []
}
