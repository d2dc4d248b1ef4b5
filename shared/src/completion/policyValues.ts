import type { FieldPath } from '../yaml/node.js'
import { isAt, ITEM, KEY, type PathPattern } from '../yaml/pathPattern.js'
import { attributeValues } from './attributeValues.js'
import type { Suggestion } from './completion.js'
import { policyKind, type Draft } from './draft.js'
import { KEY_SUGGESTIONS } from './keySuggestions.js'
import { targetValues } from './targetSuggestions.js'

const CONDITION_KEY: PathPattern = ['spec', 'rules', ITEM, 'when', ITEM, 'key']

/** The values of a field or an item in a policy that name something. None for other objects and fields. */
export function policyValues(draft: Draft, path: FieldPath): readonly Suggestion[] {
  const kind = policyKind(draft)
  if (!kind) return []
  if (kind === 'AuthorizationPolicy' && isAt(path, CONDITION_KEY)) return KEY_SUGGESTIONS
  if (kind !== 'PeerAuthentication' && isAt(path, ['spec', 'targetRefs', ITEM, KEY]))
    return targetValues(draft, path)
  return kind === 'AuthorizationPolicy' ? attributeValues(draft, path) : []
}
