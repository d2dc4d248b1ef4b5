import {
  printable,
  hintsFor,
  lineStartsOf,
  offsetAt,
  rangeCovers,
  type Analysis,
  type Hint,
  type Range,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { Connection, InlayHint, InlayHintParams, Position } from 'vscode-languageserver'
import { MarkupKind } from '../lsp.js'
import { requestHandler, type ServerContext } from './serverContext.js'

/** `textDocument/inlayHint`: the proxy of a rule, the waypoint of a label, the container port of a Service port. */
export function registerInlayHints(connection: Connection, context: ServerContext): void {
  connection.languages.inlayHint.on(
    requestHandler<InlayHintParams, InlayHint[]>(
      context,
      'inlay hints',
      ({ file, analysis }, { range }) => {
        const folder = context.workspaces.folderOf(file)
        // While the mesh is being read there are no hints; the client asks again afterwards.
        if (folder?.ready === false || !analysis.mentionsIstio) return []
        const settings = folder?.settings.inlayHints
        const lineEnd = lineEndsOf(context.sources.text(file))
        return resourcesIn(analysis, file, range).flatMap((resource) =>
          hintsFor(analysis.mesh, resource)
            .filter(({ kind }) => settings?.[kind] ?? true)
            .flatMap((hint) => {
              const place = analysis.locate({
                kind: 'field',
                resource,
                path: hint.path,
                on: 'value',
              })
              const position =
                place?.file === file &&
                (hint.at === 'line' ? lineEnd(place.range.start) : place.range.end)
              return position && rangeCovers(range, position) ? [toInlayHint(hint, position)] : []
            }),
        )
      },
    ),
  )
}

/** Finds the end of a position's line, without the line break. */
function lineEndsOf(text: string | undefined): (position: Position) => Position {
  const lineStarts = lineStartsOf(text ?? '')
  return ({ line, character }) => {
    const start = offsetAt(lineStarts, { line, character: 0 })
    const length =
      text === undefined ? character : (/^[^\r\n]*/.exec(text.slice(start))?.[0].length ?? 0)
    return { line, character: length }
  }
}

/** The objects of the documents that a range touches. */
function resourcesIn(analysis: Analysis, file: string, { start, end }: Range): Resource[] {
  const documents = analysis.files.get(file)?.documents ?? []
  return documents
    .filter(
      ({ line }, index) =>
        line <= end.line && (documents[index + 1]?.line ?? Infinity) >= start.line,
    )
    .flatMap(({ facts }) => [...facts.resources])
}

function toInlayHint({ text, tooltip }: Hint, position: Position): InlayHint {
  return {
    position,
    label: printable(text),
    paddingLeft: true,
    ...(tooltip === '' ? {} : { tooltip: { kind: MarkupKind.Markdown, value: tooltip } }),
  }
}
