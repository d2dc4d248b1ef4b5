import {
  countHiddenFindings,
  isUnnamed,
  LEVELS,
  meshFindings,
  type Analysis,
  type FieldPath,
  type Finding,
  type Level,
  type MeshFinding,
  type Range,
} from '@istio-ambient-policy/shared'
import type { NotRead } from './notRead.js'
import type { PlaceOf, RenderedPlace } from './places.js'

/** The findings of `check` in the shape of its JSON output. */
export interface CheckReport {
  readonly findings: readonly ReportedFinding[]
  /** What takes no part in the check. Lines are zero-based, and null for a whole file. */
  readonly notRead: readonly NotRead[]
  readonly summary: CheckSummary
}

export interface ReportedFinding {
  readonly rule: string
  readonly level: Level
  readonly message: string
  /** Relative to the working directory. */
  readonly file: string
  readonly range: Range
  /** Only if `file` is the template of rendered text. */
  readonly rendered?: RenderedPlace
  /** Null if the finding is about the text of a document. `namespace` is `''` if the object has none. */
  readonly object: ReportedObject | null
  readonly path: FieldPath
  readonly related: readonly {
    readonly file: string
    readonly range: Range
    readonly rendered?: RenderedPlace
    readonly message: string
  }[]
  readonly assumptions: readonly string[]
  readonly fixes: readonly { readonly title: string }[]
}

export interface ReportedObject {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

export interface CheckSummary extends Readonly<Record<Level, number>> {
  readonly files: number
  readonly objects: number
  /** Files that were not read, or not in full. */
  readonly notRead: number
  /** Rules that the settings disable. */
  readonly rulesOff: number
  /** Findings that ignore comments or annotations hide. */
  readonly ignored: number
}

/** A finding in the shape of the JSON output, and its source. */
export interface FoundIn {
  readonly reported: ReportedFinding
  readonly finding: Finding
  readonly analysis: Analysis
}

/** All findings of the meshes, in the order of file, position and rule. A finding of several meshes is there once. */
export function findingsOf(meshes: readonly Analysis[], placeOf: PlaceOf): FoundIn[] {
  const files = new Set(meshes.flatMap((analysis) => [...analysis.files.keys()]))
  return [...files]
    .flatMap((file) =>
      meshFindings(
        meshes.filter((analysis) => analysis.files.has(file)),
        file,
      ),
    )
    .map((found): FoundIn => ({
      reported: reportFinding(found, placeOf),
      finding: found.finding,
      analysis: found.analysis,
    }))
    .sort((a, b) => byPosition(a.reported, b.reported))
}

/** The report of the findings of some meshes. */
export function checkReport(
  meshes: readonly Analysis[],
  findings: readonly ReportedFinding[],
  input: { readonly notRead: readonly NotRead[]; readonly rulesOff: ReadonlySet<string> },
): CheckReport {
  const files = [...new Map(meshes.flatMap((analysis) => [...analysis.files])).values()]
  const objects = files
    .flatMap(({ documents }) => documents.flatMap(({ facts }) => facts.resources))
    .filter(({ apiVersion }) => apiVersion !== '')
  const count = (level: Level): number =>
    findings.filter((finding) => finding.level === level).length
  const [error, warning, information, hint] = LEVELS
  const hidden = files.map(({ file }) =>
    countHiddenFindings(
      meshes.filter((analysis) => analysis.files.has(file)),
      file,
    ),
  )
  return {
    findings,
    notRead: input.notRead,
    summary: {
      files: files.length,
      objects: objects.length,
      error: count(error),
      warning: count(warning),
      information: count(information),
      hint: count(hint),
      notRead: new Set(input.notRead.map(({ file }) => file)).size,
      rulesOff: input.rulesOff.size,
      ignored: hidden.reduce((sum, number) => sum + number, 0),
    },
  }
}

/** A finding in the shape of the JSON output. */
export function reportFinding(
  { file, finding, range, related }: Omit<MeshFinding, 'analysis'>,
  placeOf: PlaceOf,
): ReportedFinding {
  const { rule, level, message, place, assumptions, fixes } = finding
  return {
    rule,
    level,
    message,
    ...placeOf(file, range),
    object: place.kind === 'field' ? objectOf(place.resource) : null,
    path: place.kind === 'field' ? place.path : [],
    related: related.map((fact) => ({
      ...placeOf(fact.file, fact.range),
      message: fact.message,
    })),
    assumptions,
    fixes: fixes.map(({ title }) => ({ title })),
  }
}

function objectOf(resource: {
  readonly type: string
  readonly kind?: string
  readonly namespace: string
  readonly name: string
}): ReportedObject {
  const kind = resource.kind ?? resource.type.split('.')[0] ?? resource.type
  return {
    kind,
    namespace: isUnnamed(resource.namespace) ? '' : resource.namespace,
    name: resource.name,
  }
}

export function byPosition(a: ReportedFinding, b: ReportedFinding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  const { start } = a.range
  const other = b.range.start
  return (
    start.line - other.line ||
    start.character - other.character ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
  )
}
