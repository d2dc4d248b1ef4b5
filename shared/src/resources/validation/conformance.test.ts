import { expect, it } from 'vitest'
import { readVectors } from '../../testing/fixtureFiles.js'
import { resourcesOf } from '../../testing/index.js'
import { pathText } from './problem.js'

interface Vector {
  readonly name: string
  readonly manifest: object
  readonly accepted: boolean
  readonly stage?: 'schema' | 'unknown-field' | 'webhook'
  readonly error?: string
}

const vectors = readVectors<Vector>('validation')

function problemsOf({ manifest }: Vector) {
  return resourcesOf(JSON.stringify(manifest, undefined, 2)).flatMap(
    (resource) => resource.problems,
  )
}

it('objects that the API server and the webhook accept have no problems', () => {
  const refused = vectors
    .filter(({ accepted }) => accepted)
    .map((vector) => ({
      name: vector.name,
      problems: problemsOf(vector).map(({ message }) => message),
    }))
  expect(refused.length).toBe(196)
  expect(refused.filter(({ problems }) => problems.length > 0)).toEqual([])
})

it('objects that they reject have a problem at the field of the error', () => {
  const missed = vectors
    .filter(({ accepted }) => !accepted)
    .flatMap((vector) => {
      const paths = problemsOf(vector).map(({ path }) =>
        pathText(path).replaceAll(/\["([^"]*)"\]/g, '.$1'),
      )
      const unsaid = namedFields(vector).filter(
        (field) =>
          !paths.some(
            (path) =>
              path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
          ),
      )
      const isPruned = NULL_FIELD.test(vector.error ?? '')
      return (paths.length === 0 && !isPruned) || unsaid.length > 0
        ? [{ name: vector.name, error: vector.error, paths }]
        : []
    })
  expect(missed).toEqual([])
})

/**
 * The validator was run on the manifests themselves. The API server drops these null fields before it
 * validates (docs/semantics.md §8.1).
 */
const NULL_FIELD = /spec[\w.]*: Invalid value: "null"/

it('null fields that the API server drops have no problem', () => {
  const dropped = vectors.filter(({ error = '' }) => NULL_FIELD.test(error))
  expect(dropped.length).toBeGreaterThan(10)
  for (const vector of dropped) {
    const [field = ''] = NULL_FIELD.exec(vector.error ?? '')?.[0].split(':') ?? []
    expect(problemsOf(vector).map(({ path }) => pathText(path))).not.toContain(field)
  }
})

/** The fields that an error of the API server names; the webhook's name none. */
function namedFields({ stage, error = '' }: Vector): string[] {
  if (stage === 'unknown-field') return (/\[(.*)\]/.exec(error)?.[1] ?? '').split(' ')
  if (stage !== 'schema') return []
  return [
    ...error.replaceAll(new RegExp(NULL_FIELD, 'g'), '').matchAll(/(?:^\[?|, )(spec[^: ]*): /g),
  ].map(([, path = '']) => path.replace('[app]', '.app'))
}
