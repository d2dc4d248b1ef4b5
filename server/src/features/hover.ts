import {
  describeField,
  explainField,
  explainObject,
  explainSetting,
  explainThing,
  explanationToMarkdown,
  fieldAtOffset,
  isSettingsFile,
  lineStartsOf,
  offsetAt,
  parseYaml,
  rangeCovers,
  rangeOf,
  shiftRange,
  thingKey,
  type FieldAtOffset,
  type FieldPath,
  type MentionPlace,
  type Position,
  type Range,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { Connection, Hover, HoverParams } from 'vscode-languageserver'
import { MarkupKind } from '../lsp.js'
import { definitionLinks, objectLinks } from './hoverLinks.js'
import { placesOf } from './navigation.js'
import { objectAt } from './objectAt.js'
import { requestHandler, type RequestedFile, type ServerContext } from './serverContext.js'
import { hoverInTest } from './testFiles.js'

/** Fields whose hover is about the whole object. */
const OBJECT_FIELDS: readonly FieldPath[] = [
  ['kind'],
  ['metadata', 'name'],
  ['spec', 'selector'],
  ['spec', 'targetRef'],
  ['spec', 'targetRefs'],
]

/** Added to a hover before all files were read. */
const STILL_READING = '\n\n*The workspace is still being read: this can change.*'

/** A hover without its form in the protocol. */
interface Shown {
  readonly text: string
  readonly range: Range
}

/** `textDocument/hover`: the explanation of an object, of what a value names, or of a field. */
export function registerHover(connection: Connection, context: ServerContext): void {
  connection.onHover(
    requestHandler<HoverParams, Hover>(
      context,
      'hover',
      (requested, { position }) => {
        const { file } = requested
        const shown = isSettingsFile(file)
          ? settingAt(file, position, context)
          : (nameAt(requested, position, context) ?? fieldOrObjectAt(requested, position, context))
        if (!shown) return null
        const note = context.workspaces.folderOf(file)?.ready === false ? STILL_READING : ''
        return {
          contents: { kind: MarkupKind.Markdown, value: `${shown.text}${note}` },
          range: shown.range,
        }
      },
      (file, { position }) => {
        const shown = hoverInTest(context, file, position)
        return shown
          ? { contents: { kind: MarkupKind.Markdown, value: shown.text }, range: shown.range }
          : null
      },
    ),
  )
}

/** The object that a value names, or the pods with a label. */
function nameAt(
  { file, analysis }: RequestedFile,
  position: Position,
  context: ServerContext,
): Shown | undefined {
  if (!analysis.mentionsIstio) return undefined
  const written = writtenFieldAt(file, position, context)
  if (written?.field.on !== 'value') return undefined
  const places = placesOf(analysis, context)
  const isReference = ({ mention }: MentionPlace): boolean => mention.role === 'reference'
  const exact = places.at(file, position).filter(isReference)
  // A principal names an account and a namespace in one value.
  const named =
    exact.length > 0
      ? exact
      : accountsFirst(
          places
            .in(file)
            .filter((place) => isReference(place) && covers(written.range, place.range)),
        ).slice(0, 1)
  const things = [
    ...new Map(named.map(({ mention: { thing } }) => [thingKey(thing), thing])).values(),
  ]
  const [place] = named
  if (!place) return undefined
  const parts = things.map((thing) => {
    const { text, definitions } = explainThing(analysis.mesh, thing)
    return `${text}${definitionLinks(analysis, definitions, context)}`
  })
  return { text: parts.join('\n---\n\n'), range: place.range }
}

function accountsFirst(places: readonly MentionPlace[]): MentionPlace[] {
  return [
    ...places.filter(({ mention }) => mention.thing.kind === 'ServiceAccount'),
    ...places.filter(({ mention }) => mention.thing.kind !== 'ServiceAccount'),
  ]
}

function covers(outer: Range, inner: Range): boolean {
  return rangeCovers(outer, inner.start) && rangeCovers(outer, inner.end)
}

function fieldOrObjectAt(
  { file, analysis }: RequestedFile,
  position: Position,
  context: ServerContext,
): Shown | undefined {
  const found = objectAt(analysis, file, position)
  if (!found) return undefined
  const { resource, path, range } = found
  const object = isAboutObject(path) ? explainObject(analysis.mesh, resource) : undefined
  if (object)
    return {
      text: `${explanationToMarkdown(object)}${objectLinks(analysis, resource, context)}`,
      range,
    }
  const effect = explainField(analysis.mesh, resource, path)
  if (effect === undefined && !analysis.mentionsIstio) return undefined
  return effect === undefined
    ? describedAt(resource, writtenFieldAt(file, position, context))
    : { text: effect, range }
}

function isAboutObject(path: FieldPath): boolean {
  return OBJECT_FIELDS.some((field) => field.every((segment, index) => path[index] === segment))
}

/** A field as it is written. */
interface WrittenField {
  readonly field: FieldAtOffset
  readonly range: Range
  readonly text: string
}

/** The field at a position of the current text, also where the analysis does not read it. */
function writtenFieldAt(
  file: string,
  position: Position,
  { sources, workspaces }: ServerContext,
): WrittenField | undefined {
  const text = sources.text(file)
  const documents = (workspaces.analysesOf(file)[0]?.files.get(file)?.documents ?? []).filter(
    ({ standsFor }) => standsFor === undefined,
  )
  const index = documents.findLastIndex(({ line }) => line <= position.line)
  const document = documents[index]
  if (text === undefined || !document) return undefined
  const part = text.slice(document.start, documents[index + 1]?.start ?? text.length)
  const lineStarts = lineStartsOf(part)
  const { root } = parseYaml(part)
  const field =
    root &&
    fieldAtOffset(
      root,
      offsetAt(lineStarts, { line: position.line - document.line, character: position.character }),
    )
  return (
    field && {
      field,
      range: shiftRange(rangeOf(lineStarts, field.span), document.line),
      text: part.slice(field.span.start, field.span.end).replace(/^(['"])(.*)\1$/s, '$2'),
    }
  )
}

/** The description of a key, or of one of its values. In a `List`, the path starts at the item. */
function describedAt(resource: Resource, written: WrittenField | undefined): Shown | undefined {
  if (!written) return undefined
  const { field, range, text } = written
  const path =
    field.path[0] === 'items' && typeof field.path[1] === 'number'
      ? field.path.slice(2)
      : field.path
  const value = field.on === 'value' ? text : undefined
  const description = describeField(resource, path, value)
  return description === undefined ? undefined : { text: description, range }
}

/** The setting at a position of a settings file. */
function settingAt(file: string, position: Position, context: ServerContext): Shown | undefined {
  if (context.client.settingsSchema) return undefined
  const written = writtenFieldAt(file, position, context)
  const text = written && explainSetting(written.field.path)
  if (!written || text === undefined) return undefined
  const [section, rule] = written.field.path
  const page = section === 'rules' ? context.diagnostics.pageOf(String(rule)) : undefined
  return {
    text: page === undefined ? text : `${text}\n[Page of the rule](${page})\n`,
    range: written.range,
  }
}
