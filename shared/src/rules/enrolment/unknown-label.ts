import { isPlaceholder } from '../../yaml/placeholder.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isIstioKey, meantKey } from './istioKeys.js'
import { LABELLED_KINDS, metadataOf } from '../support/metadata.js'
import { firstThatFits } from '../support/words.js'

export const unknownLabel = defineRule({
  name: 'unknown-label',
  level: 'warning',
  subjects: LABELLED_KINDS,
  reads: [],
  check(resource, { mesh, report }) {
    for (const { field, entries, path } of mesh.perQuery(metadataOf, resource)) {
      for (const key of Object.keys(entries)) {
        const meant = isIstioKey(key) && !isPlaceholder(key) ? meantKey(key, field) : undefined
        if (!meant) continue
        const noun = field === 'labels' ? 'label' : 'annotation'
        const rename: Fix = {
          title: `Change to "${meant.key}"`,
          preferred: true,
          safe: false,
          edits: [{ op: 'rename', resource, path: [...path, key], to: meant.key }],
        }
        report({
          message: firstThatFits(
            `Istio knows no ${noun} "${key}", only "${meant.key}": this has no effect.`,
            `Istio does not know this ${noun}, only "${meant.key}": it has no effect.`,
          ),
          path: [...path, key],
          on: 'key',
          fixes: () => (meant.field === field && entries[meant.key] === undefined ? [rename] : []),
        })
      }
    }
  },
})
