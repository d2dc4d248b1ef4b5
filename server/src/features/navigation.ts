import { MentionPlaces, mentionsOf, thingKey, type Analysis, type MentionPlace, type PlacedMention } from '@istio-ambient-policy/shared'
import type { Location, Position } from 'vscode-languageserver'
import type { RequestedFile, ServerContext } from './serverContext.js'

/** The mentions of an analysis with their places in the texts as they are now. */
export function placesOf(analysis: Analysis, { sources }: ServerContext): MentionPlaces {
  return new MentionPlaces(analysis, (file) => sources.text(file))
}

/** Every mention of what is named at a position, and the place at the position; undefined where nothing is named there. */
export function namedAt({ file, analysis }: RequestedFile, position: Position, context: ServerContext): { readonly at: MentionPlace; readonly places: MentionPlaces; readonly mentions: readonly PlacedMention[] } | undefined {
  const places = placesOf(analysis, context)
  const found = places.at(file, position)
  const [at] = found
  if (!at) return undefined
  const keys = [...new Set(found.map(({ mention }) => thingKey(mention.thing)))]
  return { at, places, mentions: distinctPlaces(keys.flatMap((key) => analysis.mesh.get(mentionsOf, key))) }
}

export function locationOf({ file, range }: { readonly file: string; readonly range: Location['range'] }, { diagnostics }: ServerContext): Location {
  return { uri: diagnostics.uriOf(file), range }
}

/** A label of a pod is a thing of its namespace and one of all. */
function distinctPlaces(mentions: readonly PlacedMention[]): PlacedMention[] {
  const keyOf = ({ resource: { origin }, path, part }: PlacedMention): string => [origin.file, origin.document, origin.ordinal, ...path, part?.start ?? ''].join('\n')
  return [...new Map(mentions.map((mention) => [keyOf(mention), mention])).values()]
}
