import type { Field } from '../explain/fields/field.js'
import { fieldsAt } from '../explain/fields/fieldsOf.js'
import {
  API_VERSIONS,
  apiVersionsOfKind,
  KIND_VALUES,
  kindsOfApiVersion,
} from '../explain/fields/objectFields.js'
import type { FieldPath } from '../yaml/node.js'
import { choices, type Suggestion } from './completion.js'
import type { Cursor, LooseDocument } from './looseDocument.js'

const HEADER: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec']

/** The path of the object at the cursor: `[]`, or an item of a `List`. */
export function rootOf(document: LooseDocument, cursor: Cursor): FieldPath {
  const inList =
    cursor.path[0] === 'items' &&
    typeof cursor.path[1] === 'number' &&
    document.value('kind')?.endsWith('List') === true
  return inList ? cursor.path.slice(0, 2) : []
}

/** Whether an offset is on the line of a `kind` or an `apiVersion`. */
export function isOnHeader(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*(?:-[ \t]+)?["']?(?:kind|apiVersion)["']?[ \t]*:/.test(text.slice(start, offset))
}

/** The API version of a kind that only one group has. */
export function onlyApiVersionOf(kind: string | undefined): string | undefined {
  const versions = kind === undefined ? [] : Object.keys(apiVersionsOfKind(kind))
  return versions.length === 1 ? versions[0] : undefined
}

/** The values of `kind` and `apiVersion` at the cursor, of an object that has no other keys than an object has. */
export function headerValues(document: LooseDocument, cursor: Cursor): readonly Suggestion[] {
  const root = rootOf(document, cursor)
  const [key, ...rest] = cursor.path.slice(root.length)
  if (cursor.on !== 'value' || rest.length > 0 || !looksLikeObject(document, root)) return []
  if (key === 'apiVersion') return choices(apiVersionsOfKind(document.value(...root, 'kind') ?? ''))
  if (key !== 'kind') return []
  return choices(kindsOfApiVersion(document.value(...root, 'apiVersion')))
}

/** The keys of an object whose kind or version is not written yet. */
export function headerFieldsAt(document: LooseDocument, cursor: Cursor): readonly Field[] {
  const root = rootOf(document, cursor)
  const isAtRoot = cursor.path.length === root.length && cursor.on !== 'value' && !cursor.inFlow
  if (!isAtRoot || !looksLikeObject(document, root) || (root.length === 0 && cursor.column > 0))
    return []
  const written = document.keys(...root)
  const kind = document.value(...root, 'kind')
  const apiVersion = document.value(...root, 'apiVersion')
  if (!canBeDescribed(kind, apiVersion)) return []
  const fields = fieldsAt(undefined, []).filter(({ name }) => !written.includes(name))
  return written.length === 0
    ? fields.filter(({ name }) => name === 'apiVersion' || name === 'kind')
    : fields
}

/** Whether a kind or an API version, as far as they are written, can be one of those that are described. */
function canBeDescribed(kind: string | undefined, apiVersion: string | undefined): boolean {
  if (kind !== undefined) return Object.hasOwn(KIND_VALUES, kind)
  return apiVersion === undefined || Object.hasOwn(API_VERSIONS, apiVersion)
}

/** Whether all keys are those of an object, so that the text is no other YAML. */
function looksLikeObject(document: LooseDocument, root: FieldPath): boolean {
  return document.keys(...root).every((key) => HEADER.includes(key))
}
