import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { analyse, resourcesOf, type Files } from '../../testing/index.js'
import { isUnnamed } from '../namespaceId.js'
import type { Resource } from '../resource.js'

/** Overlays, and what `kustomize build over` prints of them. */
const VECTORS = readFileSync(
  new URL('../../../../test-fixtures/kustomize/vectors.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly files: Files; readonly built: string })

/** An object as it is, wherever it comes from; an absent mapping is an empty one. */
function plain(resource: Resource): string {
  const { namespace, labels, annotations } = resource
  const told = {
    ...resource,
    origin: undefined,
    namespaceSource: undefined,
    problems: undefined,
    placeholders: undefined,
    namespace: isUnnamed(namespace) ? '' : namespace,
    labels: labels ?? {},
    annotations: annotations ?? {},
  }
  return JSON.stringify(told, (_, value: unknown) =>
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
  'makes what kustomize makes: $index',
  ({ files, built }) => {
    const analysis = analyse(files)
    const made = [...analysis.files.values()].flatMap(({ documents }) =>
      documents.flatMap(({ facts }) => facts.resources),
    )
    expect(made.length).toBeGreaterThan(0)
    expect(made.map(plain).sort()).toEqual(resourcesOf(built).map(plain).sort())
  },
)
