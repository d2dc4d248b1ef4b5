import {
  complete,
  completeIgnoreComment,
  completeSettings,
  isSettingsFile,
  lineStartsOf,
  meshFindings,
  offsetAt,
  rangeOf,
  unnamedNamespace,
  withoutStops,
  type Analysis,
  type Completion,
  type Completions,
} from '@istio-ambient-policy/shared'
import type {
  CompletionItem,
  CompletionParams,
  Connection,
  Position,
  Range,
} from 'vscode-languageserver'
import { CompletionItemKind, InsertTextFormat, InsertTextMode, MarkupKind } from '../lsp.js'
import { requestHandler, type RequestedFile, type ServerContext } from './serverContext.js'
import { completionsInTest } from './testFiles.js'

/**
 * `textDocument/completion`: identities, labels, targets, ports, keys and values at the cursor, also in incomplete
 * YAML.
 */
export function registerCompletion(connection: Connection, context: ServerContext): void {
  const itemsAt = (
    file: string,
    position: Position,
    completionsOf: (place: Place) => Completions | undefined,
  ): CompletionItem[] | null => {
    const text = context.sources.text(file)
    if (text === undefined) return null
    const lineStarts = lineStartsOf(text)
    const offset = Math.min(offsetAt(lineStarts, position), text.length)
    const found = completionsOf({ text, offset, line: position.line })
    if (!found) return null
    const range = rangeOf(lineStarts, found.span)
    return found.items.map((item, index) =>
      toCompletionItem(item, { range, index, snippets: context.client.snippets }),
    )
  }
  connection.onCompletion(
    requestHandler<CompletionParams, CompletionItem[]>(
      context,
      'completion',
      (requested, { position }) =>
        itemsAt(requested.file, position, (place) => completionsAt(requested, context, place)),
      (file, { position }) =>
        itemsAt(file, position, (place) => completionsInTest(context, file, place)),
    ),
  )
}

interface Place {
  readonly text: string
  readonly offset: number
  readonly line: number
}

function completionsAt(
  { file, analysis, analyses }: RequestedFile,
  { client }: ServerContext,
  { text, offset, line }: Place,
): Completions | undefined {
  if (isSettingsFile(file))
    return client.settingsSchema ? undefined : completeSettings(analysis.mesh, text, offset)
  return (
    completeIgnoreComment(text, offset, rulesFoundBelow(analyses, file, line)) ??
    complete(analysis.mesh, {
      text,
      offset,
      defaultNamespace: defaultNamespaceOf(analysis, file),
      isOfMesh: analysis.mentionsIstio || !hasOtherObjects(analysis, file),
    })
  )
}

/** Whether other files have objects. Without any, a first policy may be written here. */
function hasOtherObjects({ files }: Analysis, file: string): boolean {
  return [...files.values()].some(
    (other) =>
      other.file !== file && other.documents.some(({ facts }) => facts.resources.length > 0),
  )
}

/** The rules with findings in the line of a comment, or in the first line below it that has any. */
function rulesFoundBelow(analyses: readonly Analysis[], file: string, line: number): string[] {
  const below = meshFindings(analyses, file).filter(({ range }) => range.start.line >= line)
  const first = Math.min(...below.map(({ range }) => range.start.line))
  return below.filter(({ range }) => range.start.line === first).map(({ finding }) => finding.rule)
}

const KINDS: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  value: CompletionItemKind.Value,
  enum: CompletionItemKind.EnumMember,
  field: CompletionItemKind.Property,
  reference: CompletionItemKind.Reference,
  snippet: CompletionItemKind.Snippet,
}

function toCompletionItem(
  item: Completion,
  {
    range,
    index,
    snippets,
  }: { readonly range: Range; readonly index: number; readonly snippets: boolean },
): CompletionItem {
  const isSnippet = item.snippet && snippets
  return {
    label: item.label,
    kind: KINDS[item.kind],
    ...(item.detail === '' ? {} : { detail: item.detail }),
    ...(item.documentation === ''
      ? {}
      : { documentation: { kind: MarkupKind.Markdown, value: item.documentation } }),
    // The most likely items come first. Without this text, editors sort by the label.
    sortText: String(index).padStart(5, '0'),
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    insertTextMode: InsertTextMode.asIs,
    textEdit: { range, newText: item.snippet && !snippets ? withoutStops(item.text) : item.text },
  }
}

/** The namespace of objects in a file that name no namespace, as the other objects of the file show it. */
function defaultNamespaceOf(analysis: Analysis, file: string): string {
  const resources =
    analysis.files.get(file)?.documents.flatMap(({ facts }) => facts.resources) ?? []
  const placed = resources.find(
    ({ namespaceSource }) => namespaceSource === 'unnamed' || namespaceSource === 'kustomization',
  )
  return placed?.namespace ?? unnamedNamespace(file.slice(0, Math.max(0, file.lastIndexOf('/'))))
}
