import {
  qualifiedName,
  type Analysis,
  type LineExplanation,
  type NearestMiss,
  type Range,
} from '@istio-ambient-policy/shared'
import type { ReportedFinding, ReportedObject } from './checkReport.js'
import type { PlaceOf, RenderedPlace, ReportedPlace } from './places.js'

/** An object of the files that decided, with the place of the field. */
export interface ObjectPlace extends ReportedPlace {
  readonly object: ReportedObject
}

/** An answer of `why` in the shape of its JSON output. */
export interface ReportedLine {
  readonly line: number
  readonly log: LineExplanation['line']['format']
  readonly verdict: LineExplanation['line']['verdict']
  readonly dryRun: boolean
  readonly hop: LineExplanation['hop']
  /** The words of the log. */
  readonly reason: string
  /** What the words mean; null if `policy` decided. */
  readonly meaning: string | null
  /** What the log calls the policy: `namespace/name`. Null if no policy decided. */
  readonly policy: string | null
  readonly rule: number | null
  /** The object of the files that decided, and its place; null if the files do not have it. */
  readonly object: ReportedObject | null
  readonly file: string | null
  readonly range: Range | null
  /** Only if `file` is the template of rendered text. */
  readonly rendered?: RenderedPlace
  /** The ALLOW policies that apply, if none of them matched. */
  readonly unmatched: readonly ObjectPlace[]
  readonly agreement: LineExplanation['agreement']
  readonly differences: readonly string[]
  /** The smallest change with which the files allow the connection. Null if none is found. */
  readonly nearestMiss: NearestMiss | null
  /** The findings of `check` about these objects. */
  readonly findings: readonly Pick<
    ReportedFinding,
    'rule' | 'level' | 'message' | 'file' | 'range' | 'fixes'
  >[]
}

type LoggedObject = LineExplanation['unmatched'][number]

/** An explanation in the shape of the JSON output. */
export function reportLine(
  explained: LineExplanation,
  context: {
    readonly analysis: Analysis
    readonly findings: readonly ReportedFinding[]
    readonly placeOf: PlaceOf
  },
): ReportedLine {
  const { line, decidedBy } = explained
  const placeOf = (object: LoggedObject): ObjectPlace[] => {
    const { resource, path } = object
    const found = context.analysis.locate({ kind: 'field', resource, path, on: 'value' })
    return found ? [{ object: objectOf(object), ...context.placeOf(found.file, found.range) }] : []
  }
  const [place] = decidedBy ? placeOf(decidedBy) : []
  const unmatched = explained.unmatched.flatMap(placeOf)
  return {
    line: line.line,
    log: line.format,
    verdict: line.verdict,
    dryRun: line.isDryRun,
    hop: explained.hop,
    reason: line.reason,
    meaning: explained.meaning,
    policy: explained.policy,
    rule: explained.rule,
    object: place?.object ?? null,
    file: place?.file ?? null,
    range: place?.range ?? null,
    ...(place?.rendered ? { rendered: place.rendered } : {}),
    unmatched,
    agreement: explained.agreement,
    differences: explained.differences,
    nearestMiss: explained.nearestMiss ?? null,
    findings: findingsAbout([...(place ? [place] : []), ...unmatched], context.findings),
  }
}

function objectOf({ resource }: LoggedObject): ReportedObject {
  return { kind: resource.type, namespace: resource.namespace, name: resource.name }
}

function findingsAbout(
  places: readonly ObjectPlace[],
  findings: readonly ReportedFinding[],
): ReportedLine['findings'] {
  const names = new Set(places.map(({ object }) => nameOf(object)))
  return findings
    .filter(({ object, level }) => object !== null && level !== 'hint' && names.has(nameOf(object)))
    .map(({ rule, level, message, file, range, fixes }) => ({
      rule,
      level,
      message,
      file,
      range,
      fixes,
    }))
}

function nameOf(object: ReportedObject): string {
  return `${object.kind} ${qualifiedName(object)}`
}
