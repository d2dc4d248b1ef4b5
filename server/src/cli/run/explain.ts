import type { FormatName } from '../format/formatNames.js'
import {
  explainObject,
  explanationToMarkdown,
  explanationToText,
  isUnnamed,
  nearMiss,
  type Analysis,
  type Explanation,
  type Resource,
} from '@istio-ambient-policy/shared'
import { separateInputs } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadMeshes, type LoadedMeshes } from '../loadMesh.js'
import { isKindName } from '../kindNames.js'
import { displayPath } from '../paths.js'
import { toJson } from '../format/json.js'
import type { ExplainOptions } from '../commands/explain.js'

const FORMATS: Readonly<
  Record<FormatName<'explain'>, (explanation: Explanation, columns: number | undefined) => string>
> = {
  text: explanationToText,
  markdown: explanationToMarkdown,
  json: (explanation) => `${toJson(explanation, 2)}\n`,
}

/** The name of an object on the command line. */
interface ObjectName {
  readonly kind: string
  /** Undefined: any namespace. */
  readonly namespace: string | undefined
  readonly name: string
}

export async function explain(
  io: CliIo,
  object: string,
  options: ExplainOptions & { readonly paths: readonly string[] },
): Promise<number> {
  const wanted = parseName(object)
  const loaded: LoadedMeshes[] = []
  for (const input of separateInputs(io, options.paths, options))
    loaded.push(await loadMeshes(io, input, { world: 'open' }))
  const meshes = loaded.flatMap((input) => input.meshes.analyses())
  const found = loaded.flatMap((input) =>
    input.meshes.analyses().flatMap((analysis) =>
      resourcesOf(analysis)
        .filter((resource) => isNamed(resource, wanted))
        .map((resource) => ({ analysis, resource, mesh: input.meshes.nameOf(analysis) })),
    ),
  )
  const [first, ...others] = found
  if (!first)
    throw new CommandFailure(`${object} is not in these files${suggestion(meshes, wanted)}`)
  const explanation = explainObject(first.analysis.mesh, first.resource)
  if (!explanation)
    throw new CommandFailure(`explain does not support the kind ${kindOf(first.resource)}`)
  if (others.length > 0) {
    const places = found.map(({ analysis, resource }) => position(io, analysis, resource))
    const [used, ...unused] = places.map((place, index) => {
      const mesh = found[index]?.mesh
      const isOnce = places.indexOf(place) === places.lastIndexOf(place)
      return isOnce || mesh === undefined ? place : `${place} in mesh "${mesh}"`
    })
    io.warn(`${object} is defined in ${used ?? ''} (used here) and in ${unused.join(', ')}`)
  }
  const format = FORMATS[options.format]
  io.out(format(explanation, io.columns))
  return loaded.some(({ incomplete }) => incomplete) ? EXIT_FAILURE : EXIT_OK
}

function parseName(object: string): ObjectName {
  const parts = object.split('/')
  const [kind, second, third] = parts
  if (kind === undefined || second === undefined || parts.length > 3 || parts.includes(''))
    throw new CommandFailure(`the object must be KIND/NAMESPACE/NAME or KIND/NAME, not "${object}"`)
  return third === undefined
    ? { kind, namespace: undefined, name: second }
    : { kind, namespace: second, name: third }
}

function resourcesOf(analysis: Analysis): Resource[] {
  return [...analysis.files.values()].flatMap(({ documents }) =>
    documents.flatMap(({ facts }) => facts.resources),
  )
}

function kindOf(resource: Resource): string {
  return 'kind' in resource ? resource.kind : (resource.type.split('.')[0] ?? resource.type)
}

function isNamed(resource: Resource, { kind, namespace, name }: ObjectName): boolean {
  return (
    resource.name === name &&
    isKindName(kind, kindOf(resource)) &&
    (namespace === undefined || resource.namespace === namespace)
  )
}

/** An object with the same or a similar name: of the same kind, or else of another kind. */
function suggestion(meshes: readonly Analysis[], wanted: ObjectName): string {
  const all = meshes.flatMap(resourcesOf)
  const sameKind = all.filter((resource) => isKindName(wanted.kind, kindOf(resource)))
  const best = namedLike(sameKind, wanted.name) ?? namedLike(all, wanted.name)
  if (!best) return ''
  const path = [
    kindOf(best),
    ...(best.namespace === '' || isUnnamed(best.namespace) ? [] : [best.namespace]),
    best.name,
  ]
  return `; did you mean ${path.join('/')}?`
}

function namedLike(resources: readonly Resource[], wanted: string): Resource | undefined {
  const names = new Set(resources.map(({ name }) => name))
  const similar = names.has(wanted) ? wanted : nearMiss(wanted, names)
  return resources.find(({ name }) => name === similar)
}

function position(io: CliIo, analysis: Analysis, resource: Resource): string {
  const found = analysis.locate({
    kind: 'field',
    resource,
    path: ['metadata', 'name'],
    on: 'value',
  })
  return `${displayPath(io.cwd, resource.origin.file)}:${(found?.range.start.line ?? 0) + 1}`
}
