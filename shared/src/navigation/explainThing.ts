import { escapeMarkdown } from '../explain/escapeMarkdown.js'
import { explainObject } from '../explain/explainObject.js'
import type { Explanation } from '../explain/explanation.js'
import type { Mesh } from '../mesh/mesh.js'
import { qualifiedName } from '../resources/resource.js'
import { definitionsOf } from './mentionsOf.js'
import type { PlacedMention, Thing } from './mention.js'

/** What a name in a field stands for. */
export interface ThingExplanation {
  /** Markdown: the thing, what uses it, whether it is in ambient mode, and its waypoint. */
  readonly text: string
  /** Where the thing is defined; empty if it is not in the files. */
  readonly definitions: readonly PlacedMention[]
}

const MAX_NAMES = 6

/** Explains what a field names: an object, or the pods with a label. */
export function explainThing(mesh: Mesh, thing: Thing): ThingExplanation {
  const definitions = definitionsOf(mesh, thing)
  const [first] = definitions
  const title = `**${escapeMarkdown(titleOf(thing))}**`
  if (!first) return { text: `${title}\n\nNot in these files.\n`, definitions }
  const resources = [...new Set(definitions.map(({ resource }) => resource))]
  const isObject = resources.length === 1 && first.resource.type === thing.kind
  const explanation = isObject ? explainObject(mesh, first.resource) : undefined
  const facts = explanation
    ? factsOf(explanation)
    : resources.slice(0, MAX_NAMES).map((resource) => {
        const summary = explainObject(mesh, resource)
        const mode = summary && 'enrolment' in summary ? summary.enrolment?.mode : undefined
        return `${resource.type} ${qualifiedName(resource)}${mode === undefined ? '' : ` (${MODE_WORDS[mode]})`}`
      })
  const more = resources.length > MAX_NAMES ? [`and ${resources.length - MAX_NAMES} more`] : []
  const intro = explanation ? explanation.summary : introOf(thing, resources.length)
  return {
    text: `${[title, escapeMarkdown(intro), listOf([...facts, ...more])].filter((part) => part !== '').join('\n\n')}\n`,
    definitions,
  }
}

const MODE_WORDS = {
  ambient: 'ambient',
  sidecar: 'sidecar',
  none: 'not in the mesh',
  unknown: 'enrolment unknown',
} as const

function titleOf(thing: Thing): string {
  if (thing.kind !== 'Label') return `${thing.kind} ${qualifiedName(thing)}`
  const place = thing.namespace === '' ? 'in every namespace' : `in ${thing.namespace}`
  return `Pods ${place} with the label ${thing.name}`
}

function introOf({ kind }: Thing, count: number): string {
  if (kind === 'ServiceAccount') return 'No ServiceAccount object in these files. Used by:'
  return count === 1 ? '' : `${count} ${kind === 'Label' ? 'workloads' : 'definitions'}:`
}

/** The facts that a reader of a name asks for. */
function factsOf(explanation: Explanation): string[] {
  if (explanation.kind === 'ServiceAccount')
    return explanation.usedBy
      .slice(0, MAX_NAMES)
      .map(({ kind, name, enrolment }) =>
        kind === 'Gateway'
          ? `Runs ${kind} ${name}`
          : `Runs ${kind} ${name} (${MODE_WORDS[enrolment]})`,
      )
  if (!('enrolment' in explanation)) return []
  const { enrolment, waypoint, members } = explanation
  return [
    ...(enrolment ? [`Enrolment: ${MODE_WORDS[enrolment.mode]} (${enrolment.why})`] : []),
    ...(waypoint
      ? [
          waypoint.status === 'bound'
            ? `Waypoint: ${waypoint.name ?? ''}`
            : `Waypoint: ${waypoint.status === 'unknown' ? 'not known' : 'none'} (${waypoint.why})`,
        ]
      : []),
    ...(members
      ? [
          `${members.label}: ${members.names.slice(0, MAX_NAMES).join(', ')}${members.names.length > MAX_NAMES ? ', …' : ''}`,
        ]
      : []),
  ]
}

function listOf(items: readonly string[]): string {
  return items.map((item) => `- ${escapeMarkdown(item)}`).join('\n')
}
