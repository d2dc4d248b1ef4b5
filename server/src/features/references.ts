import { mentionsOf, thingKey } from '@istio-ambient-policy/shared'
import type { Connection, Location, ReferenceParams } from 'vscode-languageserver'
import { distinctPlaces, locationOf, namedAt } from './navigation.js'
import { requestHandler, type ServerContext } from './serverContext.js'

/** `textDocument/references`: all fields that name the same object or label. */
export function registerReferences(connection: Connection, context: ServerContext): void {
  connection.onReferences(
    requestHandler<ReferenceParams, Location[]>(
      context,
      'references',
      (requested, { position, context: { includeDeclaration } }) => {
        const named = namedAt(requested, position, context)
        if (!named) return null
        const mentions = distinctPlaces(
          named.things.flatMap((thing) => requested.analysis.mesh.get(mentionsOf, thingKey(thing))),
        )
        const wanted = mentions.filter(({ role }) => includeDeclaration || role === 'reference')
        return wanted
          .flatMap((mention) => named.places.of(mention) ?? [])
          .map((place) => locationOf(place, context))
      },
    ),
  )
}
