import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { analyse, resourcesOf, type Files } from '../../testing/index.js'
import { isUnnamed } from '../namespaceId.js'
import type { Resource } from '../resource.js'

/** Overlays, and the output of `kustomize build over`. */
const VECTORS = readFileSync(
  new URL('../../../../test-fixtures/kustomize/vectors.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly files: Files; readonly built: string })

/** An object without its place. An absent mapping counts as an empty one. */
function plain(resource: Resource): string {
  const { namespace, labels, annotations } = resource
  const content = {
    ...resource,
    origin: undefined,
    namespaceSource: undefined,
    problems: undefined,
    placeholders: undefined,
    namespace: isUnnamed(namespace) ? '' : namespace,
    labels: labels ?? {},
    annotations: annotations ?? {},
  }
  return JSON.stringify(content, (_, value: unknown) =>
    isMapping(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, value[key]]),
        )
      : value,
  )
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

it.each(VECTORS.map((vector, index) => ({ ...vector, index })))(
  'overlay $index is built as by kustomize',
  ({ files, built }) => {
    const analysis = analyse(files)
    const made = [...analysis.files.values()].flatMap(({ documents }) =>
      documents.flatMap(({ facts }) => facts.resources),
    )
    expect(made.length).toBeGreaterThan(0)
    expect(made.map(plain).sort()).toEqual(resourcesOf(built).map(plain).sort())
  },
)
