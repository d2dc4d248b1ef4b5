import { definitionsOf } from '@istio-ambient-policy/shared'
import type { Connection, DefinitionParams, Location, LocationLink } from 'vscode-languageserver'
import { distinctPlaces, locationOf, namedAt } from './navigation.js'
import { requestHandler, type ServerContext } from './serverContext.js'

/** `textDocument/definition`: the object with a name, or the pods with a label. */
export function registerDefinition(connection: Connection, context: ServerContext): void {
  connection.onDefinition(
    requestHandler<DefinitionParams, Location[] | LocationLink[]>(
      context,
      'definition',
      (requested, { position }) => {
        const named = namedAt(requested, position, context)
        if (!named) return null
        const places = distinctPlaces(
          named.things.flatMap((thing) => definitionsOf(requested.analysis.mesh, thing)),
        ).flatMap((mention) => named.places.of(mention) ?? [])
        if (!context.client.definitionLinks)
          return places.map((place) => locationOf(place, context))
        return places.map(({ file, range }) => ({
          originSelectionRange: named.at.range,
          targetUri: context.diagnostics.uriOf(file),
          targetRange: range,
          targetSelectionRange: range,
        }))
      },
    ),
  )
}
