import { definitionsOf, type Analysis, type Range, type Thing } from '@istio-ambient-policy/shared'
import type { Connection, DefinitionParams, Location, LocationLink } from 'vscode-languageserver'
import { distinctPlaces, locationOf, namedAt, placesOf } from './navigation.js'
import { requestHandler, type ServerContext } from './serverContext.js'
import { testNameAt } from './testNames.js'

/** `textDocument/definition`: the object with a name, or the pods with a label. */
export function registerDefinition(connection: Connection, context: ServerContext): void {
  connection.onDefinition(
    requestHandler<DefinitionParams, Location[] | LocationLink[]>(
      context,
      'definition',
      (requested, { position }) => {
        const named = namedAt(requested, position, context)
        return named
          ? definitionLinks(named.things, {
              analysis: requested.analysis,
              origin: named.at.range,
              context,
            })
          : null
      },
      (file, { position }) => {
        const at = testNameAt(context, file, position)
        if (!at?.analysis) return null
        const { analysis, name } = at
        return definitionLinks([name.thing], { analysis, origin: name.range, context })
      },
    ),
  )
}

function definitionLinks(
  things: readonly Thing[],
  {
    analysis,
    origin,
    context,
  }: {
    readonly analysis: Analysis
    readonly origin: Range
    readonly context: ServerContext
  },
): Location[] | LocationLink[] {
  const places = placesOf(analysis, context)
  const found = distinctPlaces(
    things.flatMap((thing) => definitionsOf(analysis.mesh, thing)),
  ).flatMap((mention) => places.of(mention) ?? [])
  if (!context.client.definitionLinks) return found.map((place) => locationOf(place, context))
  return found.map(({ file, range }) => ({
    originSelectionRange: origin,
    targetUri: context.diagnostics.uriOf(file),
    targetRange: range,
    targetSelectionRange: range,
  }))
}
