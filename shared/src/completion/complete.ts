import type { Mesh } from '../mesh/mesh.js'
import { groupOf } from '../resources/decoders.js'
import { kindsOf } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'
import { sniff } from '../yaml/sniff.js'
import { splitDocuments } from '../yaml/splitDocuments.js'
import type { Completion, Completions } from './completion.js'
import { fieldItem, valueItem } from './completionItems.js'
import type { Cursor, LooseDocument } from './looseDocument.js'
import { readLoosely } from './readLoosely.js'
import { snippets } from './snippets.js'
import type { Draft } from './draft.js'
import { headerFieldsAt, headerValues, isOnHeader, onlyApiVersionOf, rootOf } from './header.js'
import { suggestFields, suggestValues } from './suggest.js'
import { suggestTargets } from './targetSuggestions.js'

export interface CompletionRequest {
  readonly text: string
  /** UTF-16 offset of the cursor. */
  readonly offset: number
  /** The namespace of objects in this file without `metadata.namespace`. */
  readonly defaultNamespace: string
  /** Whether the text can be of a mesh. If not, the kinds of a mesh are not offered. The default is true. */
  readonly isOfMesh?: boolean
}

/**
 * The completions at the cursor, from the objects of the mesh; undefined if there are none. Works on half-typed text.
 * Offers nothing in kinds and fields that have nothing to do with Istio.
 */
export function complete(
  mesh: Mesh,
  { text, offset, defaultNamespace, isOfMesh = true }: CompletionRequest,
): Completions | undefined {
  const slice = splitDocuments(text).findLast(({ start }) => start <= offset) ?? { text, start: 0 }
  const { kind } = sniff(slice.text)
  const isRead = kind === undefined || KINDS_WITH_COMPLETIONS.has(kind) || kind.endsWith('List')
  if (!isRead && !isOnHeader(text, offset)) return undefined
  const document = readLoosely(slice.text, offset - slice.start)
  const { cursor } = document
  if (!cursor) return undefined
  const draft = draftOf(mesh, document, { cursor, defaultNamespace })
  const header = isOfMesh ? headerValues(document, cursor) : []
  const items =
    header.length > 0
      ? header.map((suggestion) => valueItem(suggestion, cursor, ''))
      : draft
        ? itemsAt(draft, cursor)
        : [
            ...snippetsAt(mesh, document, { cursor, defaultNamespace }),
            ...(isOfMesh ? headerFields(document, cursor) : []),
          ]
  const span = { start: cursor.span.start + slice.start, end: cursor.span.end + slice.start }
  return items.length === 0
    ? undefined
    : {
        span,
        items: [...new Map(items.map((item) => [`${item.label}\n${item.detail}`, item])).values()],
      }
}

/** Kinds with completions. */
const KINDS_WITH_COMPLETIONS: ReadonlySet<string> = new Set(
  kindsOf('policy', 'namespace', 'service', 'gateway', 'pods', 'workload-entry', 'route'),
)

function draftOf(
  mesh: Mesh,
  document: LooseDocument,
  { cursor, defaultNamespace }: { readonly cursor: Cursor; readonly defaultNamespace: string },
): Draft | undefined {
  const root = rootOf(document, cursor)
  const kind = document.value(...root, 'kind')
  const apiVersion = document.value(...root, 'apiVersion') ?? onlyApiVersionOf(kind)
  if (kind === undefined || apiVersion === undefined) return undefined
  const namespace = document.value(...root, 'metadata', 'namespace')
  return {
    mesh,
    document,
    kind,
    group: groupOf(apiVersion),
    namespace: namespace === undefined || namespace === '' ? defaultNamespace : namespace,
    root,
  }
}

/** Snippets, if the document contains nothing but the word at the cursor. */
function snippetsAt(
  mesh: Mesh,
  document: LooseDocument,
  { cursor, defaultNamespace }: { readonly cursor: Cursor; readonly defaultNamespace: string },
): readonly Completion[] {
  if (
    cursor.path.length > 0 ||
    cursor.on !== 'open' ||
    cursor.inFlow ||
    cursor.column !== 0 ||
    document.keys().length > 0
  )
    return []
  return snippets(mesh, defaultNamespace)
}

/** `apiVersion`, `kind` and the other keys of an object whose kind is not written yet. */
function headerFields(document: LooseDocument, cursor: Cursor): Completion[] {
  return headerFieldsAt(document, cursor).map((field) => fieldItem(field, cursor, ''))
}

function itemsAt(draft: Draft, cursor: Cursor): Completion[] {
  const path = cursor.path.slice(draft.root.length)
  const fields = cursor.on === 'value' ? [] : suggestFields(draft, path)
  const written = draft.document.keys(...cursor.path)
  const keys = fields
    .filter(({ name }) => !written.includes(name))
    .map((field) => fieldItem(field, cursor, ''))
  if (cursor.on === 'key') return keys
  const values = suggestValues(draft, path).map((suggestion) => valueItem(suggestion, cursor, ''))
  const whole =
    typeof path.at(-1) === 'number' && written.length === 0
      ? targetItems(draft, path, { cursor, dash: '' })
      : []
  return [
    ...keys,
    ...values,
    ...whole,
    ...(cursor.on === 'open' && typeof path.at(-1) !== 'number' && !cursor.inFlow
      ? listItems(draft, cursor)
      : []),
  ]
}

/** Items for a list whose dash is not written yet. */
function listItems(draft: Draft, cursor: Cursor): Completion[] {
  const path: FieldPath = [
    ...cursor.path.slice(draft.root.length),
    draft.document.length(...cursor.path),
  ]
  const dashed: Cursor = { ...cursor, column: cursor.column + 2 }
  return [
    ...suggestFields(draft, path)
      .filter(() => !isMapping(draft, cursor.path))
      .map((field) => fieldItem(field, dashed, '- ')),
    ...suggestValues(draft, path).map((suggestion) => valueItem(suggestion, dashed, '- ')),
    ...targetItems(draft, path, { cursor: dashed, dash: '- ' }),
  ]
}

function isMapping({ document }: Draft, path: FieldPath): boolean {
  return document.keys(...path).length > 0
}

function targetItems(
  draft: Draft,
  path: FieldPath,
  { cursor, dash }: { readonly cursor: Cursor; readonly dash: string },
): Completion[] {
  return suggestTargets(draft, path).map(({ value, detail, target }) => {
    const lines = [
      `kind: ${target.kind}`,
      `group: ${target.group === '' ? '""' : target.group}`,
      `name: ${value}`,
    ]
    const text = cursor.inFlow
      ? `{${lines.join(', ')}}`
      : dash + lines.join(`\n${' '.repeat(cursor.column)}`)
    return {
      label: `${target.kind} ${value}`,
      kind: 'reference',
      text,
      snippet: false,
      detail: detail ?? '',
      documentation: '',
    }
  })
}
