import {
  foldingLines,
  lineStartsOf,
  objectOutline,
  offsetAt,
  rangeOf,
  selectionSpans,
  shiftRange,
  type Analysis,
  type FileDocument,
  type OutlineItem,
} from '@istio-ambient-policy/shared'
import type {
  Connection,
  DocumentSymbol,
  DocumentSymbolParams,
  FoldingRange,
  FoldingRangeParams,
  SelectionRange,
  SelectionRangeParams,
  SymbolInformation,
} from 'vscode-languageserver'
import { FoldingRangeKind, SymbolKind } from '../lsp.js'
import { symbolKindOf } from './objectSymbol.js'
import { requestHandler, type ServerContext } from './serverContext.js'

/**
 * `textDocument/documentSymbol`, `foldingRange` and `selectionRange`, for files with objects that the analysis knows.
 * Other files have no answer, so that an editor uses its own.
 */
export function registerStructure(connection: Connection, context: ServerContext): void {
  connection.onDocumentSymbol(
    requestHandler<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[]>(
      context,
      'document symbols',
      ({ file, analysis }, { textDocument: { uri } }) => {
        const symbols = documentsIn(analysis, file, context).flatMap((document) =>
          symbolsOf(analysis, document),
        )
        if (symbols.length === 0) return null
        return context.client.symbolTrees
          ? symbols
          : symbols.map(({ name, kind, range }) => ({ name, kind, location: { uri, range } }))
      },
    ),
  )
  connection.onFoldingRanges(
    requestHandler<FoldingRangeParams, FoldingRange[]>(context, 'folding', ({ file, analysis }) => {
      const text = context.sources.text(file)
      if (text === undefined || documentsIn(analysis, file, context).length === 0) return null
      return foldingLines(text).map(({ start, end, kind }) => ({
        startLine: start,
        endLine: end,
        ...(kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {}),
      }))
    }),
  )
  connection.onSelectionRanges(
    requestHandler<SelectionRangeParams, SelectionRange[]>(
      context,
      'selection ranges',
      ({ file, analysis }, { positions }) => {
        const documents = documentsIn(analysis, file, context)
        if (documents.length === 0) return null
        return positions.map((position) => {
          const document = documents.findLast(({ line }) => line <= position.line)
          const own = { range: { start: position, end: position } }
          return document ? (selectionAt(document, position) ?? own) : own
        })
      },
    ),
  )
}

/** A document with its text. */
interface ShownDocument extends Pick<FileDocument, 'facts' | 'line'> {
  readonly text: string
}

/** The documents of a file with their texts; none if the file has no object that the analysis knows. */
function documentsIn(
  analysis: Analysis,
  file: string,
  { sources }: ServerContext,
): ShownDocument[] {
  // Editors have their own outline and folding for JSON.
  if (file.toLowerCase().endsWith('.json')) return []
  const text = sources.text(file)
  const documents = analysis.files.get(file)?.documents.filter(({ standsFor }) => !standsFor) ?? []
  const isShown = documents.some(({ facts }) =>
    facts.resources.some(({ type }) => type !== 'Other'),
  )
  if (text === undefined || !analysis.mentionsIstio || !isShown) return []
  return documents.map(({ facts, line, start }, index) => ({
    facts,
    line,
    text: text.slice(start, documents[index + 1]?.start ?? text.length),
  }))
}

function symbolsOf({ mesh }: Analysis, { facts, line, text }: ShownDocument): DocumentSymbol[] {
  const lineStarts = lineStartsOf(text)
  const toSymbol = (item: OutlineItem): DocumentSymbol => ({
    name: item.name,
    ...(item.detail === '' ? {} : { detail: item.detail }),
    kind: kindOf(item),
    range: shiftRange(rangeOf(lineStarts, item.span), line),
    selectionRange: shiftRange(rangeOf(lineStarts, item.selection), line),
    children: item.children.map(toSymbol),
  })
  return objectOutline(mesh, text, facts).map(toSymbol)
}

function kindOf({ kind, resource }: OutlineItem): SymbolKind {
  if (resource) return symbolKindOf(resource)
  return kind === 'list' ? SymbolKind.Array : SymbolKind.Field
}

function selectionAt(
  { line, text }: ShownDocument,
  position: { readonly line: number; readonly character: number },
): SelectionRange | undefined {
  const lineStarts = lineStartsOf(text)
  const offset = offsetAt(lineStarts, { ...position, line: position.line - line })
  return [...selectionSpans(text, offset)].reverse().reduce<SelectionRange | undefined>(
    (parent, span) => ({
      range: shiftRange(rangeOf(lineStarts, span), line),
      ...(parent ? { parent } : {}),
    }),
    undefined,
  )
}
