import type { Resource } from '../resources/resource.js'
import { samePlain } from '../yaml/edit/applyToPlain.js'
import { editDocument } from '../yaml/edit/editDocument.js'
import type { Operation } from '../yaml/edit/operation.js'
import { renderDocument } from '../yaml/edit/renderDocument.js'
import { EditedText, sorted, type TextEdit } from '../yaml/edit/textEdit.js'
import { toPlain, type FieldPath } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import type { Edit, PlainObject, PlainValue, SettingEdit } from '../rules/fix.js'
import { addToGroup } from '../text/collections.js'

/** What edits need to know of the files they change. Everything is undefined where the text is not what the edits were made for. */
export interface SourceLookup {
  /** A document's text and its UTF-16 offset in the file. `document` is its serial number. */
  documentText(
    file: string,
    document: number,
  ): { readonly text: string; readonly start: number } | undefined
  /** Where a field of an object stands, or would be put: mostly in the object's own document, but in a patch where kustomize takes it from there. */
  placeOf(resource: Resource, path: FieldPath): ObjectPlace | undefined
  fileText(file: string): string | undefined
  /** The file of settings that the mesh's folder has or may get; undefined where none can be written. */
  readonly settingsFile?: string | undefined
}

/** A node of a document. */
export interface ObjectPlace {
  readonly file: string
  /** Serial number. */
  readonly document: number
  /** From the document's root; the root of an object is `[]`, or `['items', 2]` in a `List`. */
  readonly path: FieldPath
}

/** The text edits of one file, in order and not overlapping; UTF-16 offsets in the file. */
export interface FileEdit {
  readonly file: string
  readonly edits: readonly TextEdit[]
  /** The file is not there yet. */
  readonly isNew?: boolean
}

/**
 * The text edits that carry out a fix. Paths of all edits speak of the objects as they stand before the fix.
 *
 * @returns one element for each file that changes; undefined where one of the edits cannot be made safely: then none may be.
 */
export function renderEdits(
  edits: readonly (Edit | SettingEdit)[],
  host: SourceLookup,
): readonly FileEdit[] | undefined {
  const settings = edits.filter((edit) => edit.op === 'setting')
  const rendered = renderObjectEdits(
    edits.filter((edit) => edit.op !== 'setting'),
    host,
  )
  const renderedSettings = renderSettings(settings, host)
  return rendered && renderedSettings && [...rendered, ...renderedSettings]
}

/** Keys of the settings file, which is made where there is none. */
function renderSettings(
  edits: readonly SettingEdit[],
  host: SourceLookup,
): readonly FileEdit[] | undefined {
  const { settingsFile } = host
  if (edits.length === 0) return []
  if (settingsFile === undefined) return undefined
  const text = host.fileText(settingsFile)
  const edited = new EditedText(text ?? '')
  for (const { key, value } of edits) {
    const blank = edited.text.trim() === ''
    const made = blank
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
      edits: sorted(edited.edits()),
      ...(text === undefined ? { isNew: true } : {}),
    },
  ]
}

function renderObjectEdits(
  edits: readonly Edit[],
  host: SourceLookup,
): readonly FileEdit[] | undefined {
  const changes = new Map<string, DocumentChange>()
  for (const edit of edits) {
    const place =
      edit.op === 'delete-lines'
        ? { ...edit, path: [] }
        : edit.op === 'add'
          ? host.placeOf(edit.after, [])
          : host.placeOf(edit.resource, edit.path)
    if (!place) return undefined
    const { file, document } = place
    const id = `${String(document)} ${file}`
    const change = changes.get(id) ?? { file, document, operations: [], added: [] }
    changes.set(id, withEdit(change, edit, place.path))
  }
  const byFile = new Map<string, TextEdit[]>()
  for (const change of changes.values()) {
    const rendered = renderChange(change, host)
    if (!rendered) return undefined
    addToGroup(byFile, change.file, ...rendered)
  }
  return [...byFile]
    .filter(([, fileEdits]) => fileEdits.length > 0)
    .map(([file, fileEdits]) => ({ file, edits: sorted(fileEdits) }))
}

/** Everything that happens to one document. */
interface DocumentChange {
  readonly file: string
  readonly document: number
  readonly operations: readonly Operation[]
  /** Objects for documents of their own behind it. */
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

function renderChange(
  { file, document, operations, added }: DocumentChange,
  host: SourceLookup,
): TextEdit[] | undefined {
  const found = host.documentText(file, document)
  if (!found) return undefined
  const edited = new EditedText(found.text)
  for (const operation of inSafeOrder(operations)) {
    const edits = editDocument(edited.text, operation)
    if (!edits) return undefined
    edited.apply(edits)
  }
  if (added.length > 0) {
    const fileText = host.fileText(file)
    const newText =
      fileText === undefined
        ? undefined
        : renderAdded(added, {
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

/**
 * The order in which one operation does not move what another speaks of: lines from the back, then what only adds, then names from the inside out,
 * then removals from the back. A removal inside another is part of it.
 */
function inSafeOrder(operations: readonly Operation[]): Operation[] {
  const lines = operations
    .filter((operation) => operation.op === 'delete-lines')
    .sort((a, b) => b.span.start - a.span.start)
  const adding = operations.filter(({ op }) => op === 'set' || op === 'append')
  const comments = operations.filter(({ op }) => op === 'comment')
  const renames = operations
    .filter((operation) => operation.op === 'rename')
    .sort((a, b) => b.path.length - a.path.length)
  const names = new Map(renames.map(({ path, to }) => [JSON.stringify(path), to]))
  const removals = operations.filter((operation) => operation.op === 'remove')
  const outermost = removals.filter(
    ({ path }, index) =>
      !removals.some(
        (other, at) =>
          isInside(path, other.path) && (other.path.length < path.length || at < index),
      ),
  )
  return [
    ...lines,
    ...adding,
    ...comments,
    ...renames,
    ...outermost
      .sort((a, b) => fromTheBack(a.path, b.path))
      .map(({ op, path }) => ({
        op,
        path: path.map(
          (segment, depth) => names.get(JSON.stringify(path.slice(0, depth + 1))) ?? segment,
        ),
      })),
  ]
}

function isInside(path: FieldPath, outer: FieldPath): boolean {
  return outer.every((segment, depth) => path[depth] === segment)
}

/** Higher list indexes first. */
function fromTheBack(a: FieldPath, b: FieldPath): number {
  const depth = a.findIndex((segment, index) => segment !== b[index])
  const [first, second] = [a[depth], b[depth]]
  return typeof first === 'number' && typeof second === 'number' ? second - first : 0
}

interface Surroundings {
  readonly file: string
  /** The document that the objects follow. */
  readonly text: string
  /** What follows it in the file. */
  readonly rest: string
  /** A text to take the style from. */
  readonly like: string
}

/** Objects as documents of their own. A file without a final newline stays one; JSON files hold one document. */
function renderAdded(
  objects: readonly PlainObject[],
  { file, text, rest, like }: Surroundings,
): string | undefined {
  if (file.toLowerCase().endsWith('.json')) return undefined
  const eol = `${like}${rest}`.includes('\r\n') ? '\r\n' : '\n'
  const bodies = objects.map((object) => renderDocument(object, like))
  if (!bodies.every((body, index) => samePlain(plainOf(body), objects[index] ?? null)))
    return undefined
  const added = bodies.map((body) => `---${eol}${body}`).join(eol)
  const opens = text === '' || /[\r\n]$/.test(text) ? '' : eol
  if (rest === '' && opens !== '') return opens + added
  // A document that opens without a marker would continue ours.
  return opens + added + eol + (rest.trim() === '' || rest.startsWith('---') ? '' : `...${eol}`)
}

function plainOf(text: string): PlainValue {
  const { root, problems } = parseYaml(text)
  return root && problems.length === 0 ? (toPlain(root) as PlainValue) : null
}
