import { namesInTest, rangeCovers, thingKey } from '@istio-ambient-policy/shared'
import type { Connection, DocumentHighlight, DocumentHighlightParams } from 'vscode-languageserver'
import { DocumentHighlightKind } from '../lsp.js'
import { placesOf } from './navigation.js'
import { requestHandler, type ServerContext } from './serverContext.js'

/**
 * `textDocument/documentHighlight`: the fields of this file that name the same object or label as the field at a
 * position. Only this file is searched, because editors send the request with each move of the cursor.
 */
export function registerDocumentHighlights(connection: Connection, context: ServerContext): void {
  connection.onDocumentHighlight(
    requestHandler<DocumentHighlightParams, DocumentHighlight[]>(
      context,
      'document highlights',
      ({ file, analysis }, { position }) => {
        const places = placesOf(analysis, context)
        const things = new Set(
          places.at(file, position).map(({ mention }) => thingKey(mention.thing)),
        )
        if (things.size === 0) return null
        const highlights = places
          .in(file)
          .filter(({ mention }) => things.has(thingKey(mention.thing)))
          .map(({ range, mention }): DocumentHighlight => ({
            range,
            kind:
              mention.role === 'definition'
                ? DocumentHighlightKind.Write
                : DocumentHighlightKind.Read,
          }))
        return [
          ...new Map(
            highlights.map((highlight) => [JSON.stringify(highlight.range), highlight]),
          ).values(),
        ]
      },
      (file, { position }) => {
        const names = namesInTest(context.sources.text(file) ?? '')
        const at = names.find(({ range }) => rangeCovers(range, position))
        if (!at) return null
        const key = thingKey(at.thing)
        return names
          .filter(({ thing }) => thingKey(thing) === key)
          .map(({ range }) => ({ range, kind: DocumentHighlightKind.Read }))
      },
    ),
  )
}
