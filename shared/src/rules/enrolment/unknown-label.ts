import { isPlaceholder } from '../../yaml/placeholder.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { LABELLED_KINDS, metadataOf } from '../support/metadata.js'
import { firstThatFits } from '../support/words.js'
import { isIstioKey } from '../../vocabulary/metadataKeys.js'
import { similarKey } from './similarKey.js'

export const unknownLabel = defineRule({
  name: 'unknown-label',
  level: 'warning',
  subjects: LABELLED_KINDS,
  reads: [],
  checksRejected: true,
  check(resource, { mesh, report }) {
    for (const { field, entries, path } of mesh.perQuery(metadataOf, resource)) {
      for (const key of Object.keys(entries)) {
        const suggestion =
          isIstioKey(key) && !isPlaceholder(key) ? similarKey(key, field) : undefined
        if (!suggestion) continue
        const noun = field === 'labels' ? 'label' : 'annotation'
        const rename: Fix = {
          title: `Change to "${suggestion.key}"`,
          preferred: true,
          safe: false,
          edits: [{ op: 'rename', resource, path: [...path, key], to: suggestion.key }],
        }
        report({
          message: firstThatFits(
            `Unknown ${noun} "${key}": it has no effect. Did you mean "${suggestion.key}"?`,
            `Unknown ${noun}: it has no effect. Did you mean "${suggestion.key}"?`,
          ),
          path: [...path, key],
          on: 'key',
          fixes: () =>
            suggestion.field === field && entries[suggestion.key] === undefined ? [rename] : [],
        })
      }
    }
  },
})
