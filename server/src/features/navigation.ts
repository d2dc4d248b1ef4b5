import {
  MentionPlaces,
  thingKey,
  type Analysis,
  type MentionPlace,
  type PlacedMention,
  type Thing,
} from '@istio-ambient-policy/shared'
import type { Location, Position } from 'vscode-languageserver'
import type { RequestedFile, ServerContext } from './serverContext.js'

/** The mentions of an analysis with their places in the current texts. */
export function placesOf(analysis: Analysis, { sources }: ServerContext): MentionPlaces {
  return new MentionPlaces(analysis, (file) => sources.text(file))
}

/** The mention at a position and its objects or labels; undefined if there is none. */
export function namedAt(
  { file, analysis }: RequestedFile,
  position: Position,
  context: ServerContext,
):
  | { readonly at: MentionPlace; readonly places: MentionPlaces; readonly things: readonly Thing[] }
  | undefined {
  const places = placesOf(analysis, context)
  const found = places.at(file, position)
  const [at] = found
  return (
    at && {
      at,
      places,
      things: [
        ...new Map(found.map(({ mention: { thing } }) => [thingKey(thing), thing])).values(),
      ],
    }
  )
}

export function locationOf(
  { file, range }: { readonly file: string; readonly range: Location['range'] },
  { diagnostics }: ServerContext,
): Location {
  return { uri: diagnostics.uriOf(file), range }
}

/** One mention for each place. The label of a pod has two: one in its namespace, and one in all namespaces. */
export function distinctPlaces(mentions: readonly PlacedMention[]): PlacedMention[] {
  const keyOf = ({ resource: { origin }, path, part }: PlacedMention): string =>
    [origin.file, origin.document, origin.ordinal, ...path, part?.start ?? ''].join('\n')
  return [...new Map(mentions.map((mention) => [keyOf(mention), mention])).values()]
}
