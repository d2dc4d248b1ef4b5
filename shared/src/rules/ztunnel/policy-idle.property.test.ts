import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareAccess } from '../../space/compareAccess.js'
import { manifests, toFiles, type Manifest } from '../../testing/generatedMesh.js'
import { analyse, findingsOf, withoutArrows, type Files } from '../../testing/index.js'
import { docsOf } from '../docsOf.js'
import { policyIdle } from './policy-idle.js'
import { runs } from '../../testing/runs.js'

/** The idle policies of a mesh, and the requests whose verdict their removal changes. */
function removals(files: Files): { readonly policy: string; readonly changes: number }[] {
  const before = analyse(files, { world: 'closed' }).mesh
  return findingsOf(analyse(files)).flatMap(({ rule, place }) => {
    if (rule !== policyIdle.name || place.kind !== 'field') return []
    const { namespace, name } = place.resource
    const policy = before.named('AuthorizationPolicy', namespace, name)
    if (!policy) return []
    const after = before.fork({ removed: [policy], added: [] })
    const { changes, notCompared } = compareAccess(before, after)
    return [{ policy: name, changes: changes.length + notCompared.length }]
  })
}

it('the removal of the idle policy of the example changes no request', () => {
  const found = removals({ 'mesh.yaml': withoutArrows(docsOf(policyIdle).bad) })
  expect(found).toHaveLength(1)
  expect(found[0]?.changes).toBe(0)
})

/** A wider copy beside each policy: it has the same rules, and one for another account. */
function withWiderCopies(objects: readonly Manifest[]): readonly Manifest[] {
  return objects.flatMap((object) => {
    const { kind, metadata, spec } = object as {
      kind: string
      metadata: { name: string }
      spec?: { rules?: unknown[] }
    }
    if (kind !== 'AuthorizationPolicy' || !spec?.rules) return [object]
    const other = { from: [{ source: { principals: ['cluster.local/ns/other/sa/other'] } }] }
    const wider = {
      ...object,
      metadata: { ...metadata, name: `${metadata.name}-wider` },
      spec: { ...spec, rules: [...spec.rules, other] },
    }
    return [object, wider]
  })
}

it('the removal of an idle policy changes no request: generated meshes', () => {
  let count = 0
  fc.assert(
    fc.property(manifests, (objects) => {
      const found = removals(toFiles(withWiderCopies(objects)))
      count += found.length
      expect(found.filter(({ changes }) => changes > 0)).toEqual([])
    }),
    { numRuns: runs(100) },
  )
  expect(count).toBeGreaterThan(runs(4))
})
