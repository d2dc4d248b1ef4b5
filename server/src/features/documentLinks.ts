import { definitionsOf, type ThingKind } from '@istio-ambient-policy/shared'
import type { Connection, DocumentLink, DocumentLinkParams } from 'vscode-languageserver'
import { placesOf } from './navigation.js'
import { requestHandler, type ServerContext } from './serverContext.js'

/** Kinds of objects that a field refers to by name. */
const LINKED: readonly ThingKind[] = ['Gateway', 'GatewayClass', 'Service', 'ServiceEntry']

/**
 * `textDocument/documentLink`: links from `targetRefs`, `use-waypoint`, `gatewayClassName` and similar fields to
 * their object.
 */
export function registerDocumentLinks(connection: Connection, context: ServerContext): void {
  connection.onDocumentLinks(
    requestHandler<DocumentLinkParams, DocumentLink[]>(
      context,
      'document links',
      ({ file, analysis }) => {
        const places = placesOf(analysis, context)
        return places.in(file).flatMap(({ mention, range }): DocumentLink[] => {
          if (mention.role === 'definition' || !LINKED.includes(mention.thing.kind)) return []
          const [target, ...others] = definitionsOf(analysis.mesh, mention.thing)
          const place = target && others.length === 0 ? places.of(target) : undefined
          if (!place) return []
          const { line, character } = place.range.start
          return [
            {
              range,
              target: `${context.diagnostics.uriOf(place.file)}#L${line + 1},${character + 1}`,
              tooltip: `Open ${mention.thing.kind} ${mention.thing.name}`,
            },
          ]
        })
      },
    ),
  )
}
