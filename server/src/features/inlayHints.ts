import {
  hintsFor,
  rangeCovers,
  type Analysis,
  type Hint,
  type Range,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { Connection, InlayHint, InlayHintParams, Position } from 'vscode-languageserver'
import { MarkupKind } from '../lsp.js'
import { answering, type ServerContext } from './serverContext.js'

/** `textDocument/inlayHint`: the layer of a rule, the waypoint behind a label, the container port behind a Service port. */
export function registerInlayHints(connection: Connection, context: ServerContext): void {
  connection.languages.inlayHint.on(
    answering<InlayHintParams, InlayHint[]>(
      context,
      'inlay hints',
      ({ file, analysis }, { range }) => {
        const folder = context.workspaces.folderOf(file)
        // Of half a mesh nothing is said; the client asks again when all of it is read.
        if (folder?.ready === false) return []
        const settings = folder?.settings.inlayHints
        return resourcesIn(analysis, file, range).flatMap((resource) =>
          hintsFor(analysis.mesh, resource)
            .filter(({ kind }) => settings?.[kind] ?? true)
            .flatMap((hint) => {
              const place = analysis.locate({ resource, path: hint.path, on: 'value' })
              const position =
                place?.file === file &&
                (hint.side === 'before' ? place.range.start : place.range.end)
              return position && rangeCovers(range, position) ? [toInlayHint(hint, position)] : []
            }),
        )
      },
    ),
  )
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

function toInlayHint({ side, text, tooltip }: Hint, position: Position): InlayHint {
  return {
    position,
    label: text,
    ...(side === 'before' ? { paddingRight: true } : { paddingLeft: true }),
    ...(tooltip === '' ? {} : { tooltip: { kind: MarkupKind.Markdown, value: tooltip } }),
  }
}
