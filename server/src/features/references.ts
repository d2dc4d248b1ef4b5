import { mentionsOf, thingKey, type Analysis, type Thing } from '@istio-ambient-policy/shared'
import type { Connection, Location, ReferenceParams } from 'vscode-languageserver'
import { distinctPlaces, locationOf, namedAt, placesOf } from './navigation.js'
import { requestHandler, type ServerContext } from './serverContext.js'
import { testNameAt, testNamesOf } from './testNames.js'

/** `textDocument/references`: all fields that name the same object or label, also in policy tests. */
export function registerReferences(connection: Connection, context: ServerContext): void {
  connection.onReferences(
    requestHandler<ReferenceParams, Location[]>(
      context,
      'references',
      (requested, { position, context: { includeDeclaration } }) => {
        const named = namedAt(requested, position, context)
        return named
          ? referencesTo(named.things, {
              context,
              analysis: requested.analysis,
              includeDeclaration,
            })
          : null
      },
      (file, { position, context: { includeDeclaration } }) => {
        const at = testNameAt(context, file, position)
        if (!at?.analysis) return null
        const { analysis, name } = at
        return referencesTo([name.thing], { context, analysis, includeDeclaration })
      },
    ),
  )
}

function referencesTo(
  things: readonly Thing[],
  {
    context,
    analysis,
    includeDeclaration,
  }: {
    readonly context: ServerContext
    readonly analysis: Analysis
    readonly includeDeclaration: boolean
  },
): Location[] {
  const keys = things.map(thingKey)
  const places = placesOf(analysis, context)
  const mentions = distinctPlaces(keys.flatMap((key) => analysis.mesh.get(mentionsOf, key)))
  const inMesh = mentions.flatMap((mention) => places.of(mention) ?? [])
  return [
    ...inMesh.filter(({ mention: { role } }) => includeDeclaration || role === 'reference'),
    ...testNamesOf(context, new Set(keys), new Set(inMesh.map(({ file }) => file))),
  ].map((place) => locationOf(place, context))
}
