import type { Edit, PlainObject, SettingEdit } from '../rules/fix.js'
import type { Resource } from '../resources/resource.js'
import { addAllToGroup } from '../text/collections.js'
import { editDocument, replaceScalars } from '../yaml/edit/editDocument.js'
import type { Operation } from '../yaml/edit/operation.js'
import { renderDocument } from '../yaml/edit/renderDocument.js'
import { EditedText, sortEdits, type TextEdit } from '../yaml/edit/textEdit.js'
import type { FieldPath } from '../yaml/node.js'
import { renderAddedDocuments } from './addedDocuments.js'
import { inSafeOrder } from './operationOrder.js'

/**
 * The texts and places that edits need. All are undefined if the text is different from the one for
 * which the edits were made.
 */
export interface SourceLookup {
  /** A document's text and its UTF-16 offset in the file. `document` is its serial number. */
  documentText(
    file: string,
    document: number,
  ): { readonly text: string; readonly start: number } | undefined
  /**
   * The node of a field, or the node to which it would be added. It is in a patch file if kustomize
   * takes the field from there.
   */
  placeOf(resource: Resource, path: FieldPath): ObjectPlace | undefined
  fileText(file: string): string | undefined
  /**
   * The settings file of the workspace folder, which may not exist yet; undefined if none can be
   * written.
   */
  readonly settingsFile?: string | undefined
}

/** A node of a document. */
export interface ObjectPlace {
  readonly file: string
  /** Serial number of the document. */
  readonly document: number
  /**
   * From the root of the document. The root of an object is `[]`, or `['items', 2]` in a `List`.
   */
  readonly path: FieldPath
}

/** The text edits of one file: in order, without overlaps, with UTF-16 offsets in the file. */
export interface FileEdit {
  readonly file: string
  readonly edits: readonly TextEdit[]
  /** The file does not exist yet. */
  readonly isNew?: boolean
}

/**
 * The text edits of a fix. The paths of all edits are those before the fix.
 *
 * @returns one item for each file that changes; undefined if one of the edits cannot be made
 * safely: then none may be made.
 */
export function renderEdits(
  edits: readonly (Edit | SettingEdit)[],
  source: SourceLookup,
): readonly FileEdit[] | undefined {
  const settings = edits.filter((edit) => edit.op === 'setting')
  const rendered = renderObjectEdits(
    edits.filter((edit) => edit.op !== 'setting'),
    source,
  )
  const renderedSettings = renderSettings(settings, source)
  return rendered && renderedSettings && [...rendered, ...renderedSettings]
}

/** Sets keys of the settings file, which is created if it does not exist. */
function renderSettings(
  edits: readonly SettingEdit[],
  source: SourceLookup,
): readonly FileEdit[] | undefined {
  const { settingsFile } = source
  if (edits.length === 0) return []
  if (settingsFile === undefined) return undefined
  const text = source.fileText(settingsFile)
  const edited = new EditedText(text ?? '')
  for (const { key, value } of edits) {
    const isBlank = edited.text.trim() === ''
    const made = isBlank
      ? [
          {
            span: { start: edited.text.length, end: edited.text.length },
            newText: `${renderDocument({ [key]: value }, '')}\n`,
          },
        ]
      : editDocument(edited.text, { op: 'set', path: [key], value })
    if (!made) return undefined
    edited.apply(made)
  }
  return [
    {
      file: settingsFile,
      edits: sortEdits(edited.edits()),
      ...(text === undefined ? { isNew: true } : {}),
    },
  ]
}

function renderObjectEdits(
  edits: readonly Edit[],
  source: SourceLookup,
): readonly FileEdit[] | undefined {
  const changes = new Map<string, DocumentChange>()
  for (const edit of edits) {
    const place =
      edit.op === 'delete-lines'
        ? { ...edit, path: [] }
        : edit.op === 'add'
          ? source.placeOf(edit.after, [])
          : source.placeOf(edit.resource, edit.path)
    if (!place) return undefined
    const { file, document } = place
    const id = `${String(document)} ${file}`
    const change = changes.get(id) ?? { file, document, operations: [], added: [] }
    changes.set(id, withEdit(change, edit, place.path))
  }
  const byFile = new Map<string, TextEdit[]>()
  for (const change of changes.values()) {
    const rendered = renderChange(change, source)
    if (!rendered) return undefined
    addAllToGroup(byFile, change.file, rendered)
  }
  return [...byFile]
    .filter(([, fileEdits]) => fileEdits.length > 0)
    .map(([file, fileEdits]) => ({ file, edits: sortEdits(fileEdits) }))
}

/** All changes of one document. */
interface DocumentChange {
  readonly file: string
  readonly document: number
  readonly operations: readonly Operation[]
  /** Objects that are added after it, as documents of their own. */
  readonly added: readonly PlainObject[]
}

function withEdit(change: DocumentChange, edit: Edit, path: FieldPath): DocumentChange {
  const then = (operation: Operation): DocumentChange => ({
    ...change,
    operations: [...change.operations, operation],
  })
  if (edit.op === 'delete-lines') return then({ op: edit.op, span: edit.span })
  switch (edit.op) {
    case 'add':
      return path.length > 0
        ? then({ op: 'append', path: path.slice(0, -1), values: edit.objects })
        : { ...change, added: [...change.added, ...edit.objects] }
    case 'set':
      return then({ op: edit.op, path, value: edit.value })
    case 'append':
      return then({ op: edit.op, path, values: edit.values })
    case 'remove':
      return then({ op: edit.op, path })
    case 'rename':
      return then({ op: edit.op, path, to: edit.to })
    case 'comment':
      return then({ op: edit.op, path, text: edit.text })
  }
}

/**
 * A document is read again for each operation. A change for which more characters would be read is not made.
 */
const MOST_CHARACTERS = 4_000_000
/** More values are not replaced at once. */
const MOST_VALUES = 2_000

/** Applies operations to a document. False if one of them cannot be made. */
function applyOperations(edited: EditedText, operations: readonly Operation[]): boolean {
  const firstOther = operations.findIndex(({ op }) => op !== 'set')
  const values = operations
    .slice(0, firstOther < 0 ? operations.length : firstOther)
    .filter((operation) => operation.op === 'set')
  const replaced =
    values.length > 1 && values.length <= MOST_VALUES
      ? replaceScalars(edited.text, values)
      : undefined
  if (replaced) edited.apply(replaced)
  const others = replaced ? operations.slice(values.length) : operations
  if (others.length > 1 && others.length * edited.text.length > MOST_CHARACTERS) return false
  for (const operation of others) {
    const edits = editDocument(edited.text, operation)
    if (!edits) return false
    edited.apply(edits)
  }
  return true
}

function renderChange(
  { file, document, operations, added }: DocumentChange,
  source: SourceLookup,
): TextEdit[] | undefined {
  const found = source.documentText(file, document)
  if (!found) return undefined
  const edited = new EditedText(found.text)
  if (!applyOperations(edited, inSafeOrder(operations))) return undefined
  if (added.length > 0) {
    const fileText = source.fileText(file)
    const newText =
      fileText === undefined
        ? undefined
        : renderAddedDocuments(added, {
            file,
            text: edited.text,
            rest: fileText.slice(found.start + found.text.length),
            like: found.text,
          })
    if (newText === undefined) return undefined
    edited.apply([{ span: { start: edited.text.length, end: edited.text.length }, newText }])
  }
  return edited.edits().map(({ span, newText }) => ({
    span: { start: span.start + found.start, end: span.end + found.start },
    newText,
  }))
}
