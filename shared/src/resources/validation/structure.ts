// @cfworker/json-schema (MIT, no dependencies, small) interprets schemas. Libraries that compile them need code generation, which the content security
// policy of a browser forbids, and are many times as large.
import { validate, type Schema } from '@cfworker/json-schema'
import { entryOf, type FieldPath, type PathSegment, type YamlNode } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { DecodeProblem } from '../objectReader.js'
import { apiScalar, apiValue, typeName } from './apiValue.js'
import { matchesSchema } from './matchesSchema.js'
import { shortened, problemAt } from './problem.js'

/**
 * The problems that the schema check and the strict field check of the API server find
 * (`apiextensions-apiserver pkg/apiserver/validation`), at most one for each path.
 */
export function checkStructure(root: YamlNode, schema: Schema): DecodeProblem[] {
  if (matchesSchema(root, schema)) return []
  const problems = new Map<string, DecodeProblem>()
  for (const { keyword, instanceLocation } of validate(apiValue(root), schema, '7', {}, false)
    .errors) {
    for (const problem of problemsOf(keyword, placeOf(root, schema, instanceLocation))) {
      const key = JSON.stringify(problem.path)
      if (!problems.has(key)) problems.set(key, problem)
    }
  }
  return [...problems.values()]
}

interface Place {
  readonly path: FieldPath
  readonly node: YamlNode | undefined
  readonly schema: Schema
  readonly parent: YamlNode | undefined
  readonly parentSchema: Schema
}

/** The node and the schema at a JSON pointer of the library. */
function placeOf(root: YamlNode, schema: Schema, pointer: string): Place {
  const path: PathSegment[] = []
  let place: Place = { path, node: root, schema, parent: undefined, parentSchema: {} }
  for (const part of pointer.split('/').slice(1)) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    const { node, schema: inner } = place
    const isItem = node?.type === 'seq'
    path.push(isItem ? Number(name) : name)
    place = {
      path,
      node: isItem ? node.items[Number(name)] : entryOf(node, name)?.value,
      schema: asSchema(
        isItem
          ? inner.items
          : inner.properties && Object.hasOwn(inner.properties, name)
            ? inner.properties[name]
            : inner.additionalProperties,
      ),
      parent: node,
      parentSchema: inner,
    }
  }
  return place
}

function asSchema(schema: Schema['items']): Schema {
  return typeof schema === 'object' && !Array.isArray(schema) ? schema : {}
}

function problemsOf(keyword: string, place: Place): DecodeProblem[] {
  const { node, path, schema } = place
  if (node?.type === 'scalar' && isPlaceholder(node.text)) return []
  switch (keyword) {
    case 'false':
      return unknownField(place)
    case 'required':
      return (schema.required ?? [])
        .filter((name) => entryOf(node, name) === undefined)
        .map((name) => problemAt([...path, name], 'Required value.'))
    case 'type':
      return [schema.enum && node?.type === 'scalar' ? wrongChoice(place) : wrongType(place)]
    case 'enum':
      return [wrongChoice(place)]
    default: {
      const words = limitWords(keyword, place)
      return words === undefined ? [] : [problemAt(path, words)]
    }
  }
}

function unknownField({ path, parent, parentSchema }: Place): DecodeProblem[] {
  const name = path.at(-1)
  if (typeof name !== 'string' || isPlaceholder(name)) return []
  const among = Object.keys(parentSchema.properties ?? {}).filter(
    (known) => entryOf(parent, known) === undefined,
  )
  return [problemAt(path, 'unknown field.', { on: 'key', repair: { kind: 'rename-key', among } })]
}

function wrongType({ node, path, schema }: Place): DecodeProblem {
  const wanted = [schema.type ?? []].flat()[0] ?? 'object'
  const found = node ? typeName(apiValueOf(node)) : 'null'
  const isQuotable = wanted === 'string' && node?.type === 'scalar' && apiScalar(node) !== null
  if (!isQuotable)
    return problemAt(
      path,
      `must be of type ${wanted}, not ${found}.`,
      found === 'null' ? { on: 'key' } : {},
    )
  const { text } = node
  return problemAt(
    path,
    `must be of type string, not ${found}: write ${shortened(text)} in quotes.`,
    {
      repair: { kind: 'quote', text },
    },
  )
}

function apiValueOf(node: YamlNode) {
  if (node.type === 'scalar') return apiScalar(node)
  return node.type === 'seq' ? [] : {}
}

function wrongChoice({ node, path, schema }: Place): DecodeProblem {
  const among = choices(schema)
  const written = node?.type === 'scalar' ? node.text : ''
  return problemAt(
    path,
    `unsupported value "${shortened(written)}": supported values are ${among.join(', ')}.`,
    { repair: { kind: 'choose-value', written, among } },
  )
}

function choices(schema: Schema): string[] {
  return (schema.enum ?? []).filter((value): value is string => typeof value === 'string')
}

/** The limit that a value exceeds, in the words of the API server; undefined for other keywords. */
function limitWords(keyword: string, { node, schema }: Place): string | undefined {
  const length = node?.type === 'seq' ? node.items.length : 0
  switch (keyword) {
    case 'minLength':
      return 'must be at least 1 character long.'
    case 'maxLength':
      return `too long: may not be more than ${String(schema.maxLength)} bytes.`
    case 'pattern':
      return `"${node?.type === 'scalar' ? shortened(node.text) : ''}" must match '${shortened(schema.pattern ?? '')}'.`
    case 'minItems':
      return 'must have at least 1 item.'
    case 'maxItems':
      return `too many: ${String(length)}, must have at most ${String(schema.maxItems)} items.`
    case 'minProperties':
      return 'must have at least 1 property.'
    case 'maxProperties':
      return `must have at most ${String(schema.maxProperties)} properties.`
    case 'minimum':
      return `must be greater than or equal to ${String(schema.minimum)}.`
    case 'maximum':
      return `must be less than or equal to ${String(schema.maximum)}.`
    default:
      return undefined
  }
}
