import type { LineStarts } from '../text/lineIndex.js'
import type { YamlNode } from '../yaml/node.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { ReadOptions } from './documentFacts.js'
import { baseOf } from './objectBase.js'
import { ObjectReader, type DecodeProblem, type DecodeSession } from './objectReader.js'
import type { DecodeInput, Resource } from './resource.js'
import { SourceMapBuilder, type SourceMap } from './sourceMap.js'
import { pathKey, validateObject } from './validation/validateObject.js'
import { NONE } from '../text/collections.js'

export interface ObjectType {
  readonly kind: string
  readonly apiVersion: string
  readonly clusterScoped: boolean
}

export type Decode = (input: DecodeInput) => Resource

export interface DecodeOptions {
  readonly read: ReadOptions
  readonly lineStarts: LineStarts
  /**
   * Whether to validate the object. In invalid YAML it may be incomplete, so its fields are not
   * validated.
   */
  readonly validate: boolean
  readonly ordinal: number
  /** The namespace that a kustomization sets; undefined: the one in `metadata`. */
  readonly builtNamespace: string | undefined
}

export interface DecodedObject {
  readonly resource: Resource
  readonly source: SourceMap
}

/**
 * Decodes one object. Undefined if its name or namespace is a placeholder, so that it is a template
 * of objects.
 */
export function decodeObject(
  node: YamlNode,
  type: ObjectType,
  decode: Decode,
  options: DecodeOptions,
): DecodedObject | undefined {
  const { read, builtNamespace } = options
  const session = newSession(read)
  const reader = ObjectReader.root(node, session)
  reader.has('apiVersion')
  reader.has('kind')
  const metadata = reader.object('metadata')
  const name = metadata?.string('name') ?? metadata?.string('generateName') ?? ''
  const namespace = metadata?.string('namespace')
  if (isPlaceholder(name) || (namespace !== undefined && isPlaceholder(namespace))) return undefined
  const base = baseOf(
    {
      apiVersion: type.apiVersion,
      name,
      namespace: builtNamespace === undefined ? namespace : undefined,
      clusterScoped: type.clusterScoped,
      labels: metadata?.stringMap('labels'),
      annotations: metadata?.stringMap('annotations'),
    },
    builtNamespace === undefined
      ? read
      : { ...read, defaultNamespace: { namespace: builtNamespace, source: 'kustomization' } },
    options.ordinal,
  )
  const resource = decode({ base, kind: type.kind, reader })
  if (!options.validate) Object.assign(resource, { isPartial: true })
  const invalid = options.validate ? validateObject(node, type.apiVersion, type.kind) : NONE
  recordPaths(invalid, node, session)
  // The schema of a ServiceEntry is not checked, so a value of another type is unknown here.
  const mistyped = resource.type === 'ServiceEntry' ? NONE : session.problems
  const problems = problemsOf(invalid, mistyped)
  const placeholders = distinct(session.placeholders, (path) => path.join('\n'))
  return {
    resource:
      problems.length + placeholders.length === 0
        ? resource
        : Object.assign(resource, { problems, placeholders }),
    source: session.builder.build(options.lineStarts),
  }
}

/** A session for the readers of one object. */
export function newSession({
  outlines,
  intern,
}: Pick<ReadOptions, 'outlines' | 'intern'>): DecodeSession & {
  readonly problems: DecodeProblem[]
} {
  return { builder: new SourceMapBuilder(outlines), problems: [], placeholders: [], intern }
}

/** Adds the fields that only the validation read to the source map. */
function recordPaths(
  invalid: readonly DecodeProblem[],
  node: YamlNode,
  { builder, intern }: DecodeSession,
): void {
  for (const { path } of invalid)
    builder.record(
      node,
      path.map((segment) => (typeof segment === 'string' ? intern(segment) : segment)),
    )
}

/**
 * The problems of an object. If the validation and a decoder report the same field, only the
 * validation's problem is kept.
 */
function problemsOf(
  invalid: readonly DecodeProblem[],
  decoding: readonly DecodeProblem[],
): readonly DecodeProblem[] {
  if (decoding.length === 0 && invalid.length === 0) return NONE
  const paths = new Set(decoding.length > 0 ? invalid.map(({ path }) => pathKey(path)) : NONE)
  return distinct(
    invalid.concat(decoding.filter(({ path }) => !paths.has(pathKey(path)))),
    ({ path, message }) => `${path.join('\n')}\n${message}`,
  )
}

/** Items with the same key once. Two decoders may read one field, such as the labels of a Pod. */
function distinct<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  if (items.length === 0) return NONE
  return items.length === 1
    ? items
    : [...new Map(items.map((item) => [keyOf(item), item])).values()]
}
