import {
  definitionsOf,
  escapeMarkdown,
  explainObject,
  type Analysis,
  type PlacedMention,
  type Resource,
} from '@istio-ambient-policy/shared'
import { commandsFor } from './codeLens.js'
import { placesOf } from './navigation.js'
import type { ServerContext } from './serverContext.js'

/** A hover shows at most this number of links to other objects. */
const MAX_LINKS = 3

/** Links below a hover of an object: its waypoint, and the commands of the client. Empty if there are none. */
export function objectLinks(
  analysis: Analysis,
  resource: Resource,
  context: ServerContext,
): string {
  const commands = context.client.commandLinks
    ? commandsFor(analysis, resource, context).map(({ title, command, arguments: given = [] }) =>
        markdownLink(title, `command:${command}?${encodeURIComponent(JSON.stringify(given))}`),
      )
    : []
  return row([...waypointLinks(analysis, resource, context), ...commands])
}

/** Links to the definitions of a name. */
export function definitionLinks(
  analysis: Analysis,
  definitions: readonly PlacedMention[],
  context: ServerContext,
): string {
  return row(
    definitions.slice(0, MAX_LINKS).flatMap((definition) =>
      linkTo(analysis, definition, {
        title: `Go to ${definition.resource.type} ${definition.resource.name}`,
        context,
      }),
    ),
  )
}

/** Names from files are never markup, because links can run commands. */
function markdownLink(title: string, uri: string): string {
  return `[${escapeMarkdown(title)}](${uri.replace(/[()<>\s\\]/g, (character) => encodeURIComponent(character).replace('(', '%28').replace(')', '%29'))})`
}

function row(links: readonly string[]): string {
  return links.length === 0 ? '' : `\n\n${links.join(' · ')}\n`
}

/** The waypoints in the path of the traffic, as far as they are in the files. */
function waypointLinks(analysis: Analysis, resource: Resource, context: ServerContext): string[] {
  const explanation = explainObject(analysis.mesh, resource)
  const waypoints =
    explanation === undefined
      ? []
      : 'targets' in explanation
        ? explanation.targets.map(({ waypoint }) => waypoint)
        : 'waypoint' in explanation && explanation.waypoint
          ? [explanation.waypoint]
          : []
  const names = new Set(
    waypoints.flatMap(({ status, name }) => (status === 'bound' && name !== null ? [name] : [])),
  )
  return [...names].slice(0, MAX_LINKS).flatMap((waypoint) => {
    const [namespace = '', name = ''] = waypoint.split('/')
    const [definition] = definitionsOf(analysis.mesh, { kind: 'Gateway', namespace, name })
    return definition
      ? linkTo(analysis, definition, { title: `Go to waypoint ${waypoint}`, context })
      : []
  })
}

function linkTo(
  analysis: Analysis,
  definition: PlacedMention,
  { title, context }: { readonly title: string; readonly context: ServerContext },
): string[] {
  const place = placesOf(analysis, context).of(definition)
  if (!place) return []
  const { line, character } = place.range.start
  const uri = `${context.diagnostics.uriOf(place.file)}#L${line + 1},${character + 1}`
  return [markdownLink(title, uri)]
}
