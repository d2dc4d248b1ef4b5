import {
  countHiddenFindings,
  isUnnamed,
  LEVELS,
  meshFindings,
  type Analysis,
  type FieldPath,
  type Level,
  type MeshFinding,
  type Range,
  type WorkspaceMeshes,
} from '@istio-ambient-policy/shared'
import type { RenderedFix } from './format/checkFormat.js'
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

/** A finding without its mesh, as plain data: it can be kept in a cache. */
export interface PlainFinding extends Omit<ReportedFinding, 'rendered' | 'related'> {
  /** An absolute path, also in `related`. */
  readonly file: string
  readonly related: readonly {
    readonly file: string
    readonly range: Range
    readonly message: string
  }[]
  /** The text changes of its fixes, if the report needs them. */
  readonly edits?: readonly RenderedFix[]
}

/** The findings of an input, and the numbers of its summary, as plain data. */
export interface Outcome {
  /** A finding of several meshes is there once. */
  readonly findings: readonly PlainFinding[]
  /** The files that were read, as absolute paths. */
  readonly files: readonly string[]
  readonly objects: number
  /** The number of findings that ignore comments or annotations hide. */
  readonly ignored: number
}

/** The findings of the meshes of an input. Each file is a step: its name comes before it is checked. */
export function* findingsIn(meshes: WorkspaceMeshes): Generator<string, MeshFinding[], undefined> {
  const analyses = meshes.analyses()
  const findings: MeshFinding[] = []
  for (const file of meshes.files()) {
    yield file
    findings.push(...meshFindings(meshesOf(analyses, file), file))
  }
  return findings
}

/**
 * Findings in the order of file, position and rule.
 *
 * @param findings of `findingsIn`: a finding of several meshes is there once.
 */
export function reportFindings(
  findings: readonly MeshFinding[],
  placeOf: PlaceOf,
): ReportedFinding[] {
  return findings.map((found) => reportFinding(found, placeOf)).sort(byPosition)
}

/** @param findings of `findingsIn`. */
export function outcomeOf(meshes: WorkspaceMeshes, findings: readonly MeshFinding[]): Outcome {
  const analyses = meshes.analyses()
  const files = [...new Map(analyses.flatMap((analysis) => [...analysis.files])).values()]
  const objects = files
    .flatMap(({ documents }) => documents.flatMap(({ facts }) => facts.resources))
    .filter(({ apiVersion }) => apiVersion !== '')
  const hidden = files.map(({ file }) => countHiddenFindings(meshesOf(analyses, file), file))
  return {
    findings: findings.map(plainFinding),
    files: meshes.files(),
    objects: objects.length,
    ignored: hidden.reduce((sum, number) => sum + number, 0),
  }
}

function meshesOf(analyses: readonly Analysis[], file: string): Analysis[] {
  return analyses.filter((analysis) => analysis.files.has(file))
}

/** The report of the findings of some inputs. */
export function checkReport(
  outcomes: readonly Outcome[],
  findings: readonly ReportedFinding[],
  input: { readonly notRead: readonly NotRead[]; readonly rulesOff: ReadonlySet<string> },
): CheckReport {
  const count = (level: Level): number =>
    findings.filter((finding) => finding.level === level).length
  const sum = (numberOf: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + numberOf(outcome), 0)
  const [error, warning, information, hint] = LEVELS
  return {
    findings,
    notRead: input.notRead,
    summary: {
      files: sum(({ files }) => files.length),
      objects: sum(({ objects }) => objects),
      error: count(error),
      warning: count(warning),
      information: count(information),
      hint: count(hint),
      notRead: new Set(input.notRead.map(({ file }) => file)).size,
      rulesOff: input.rulesOff.size,
      ignored: sum(({ ignored }) => ignored),
    },
  }
}

/** A finding in the shape of the JSON output. */
export function reportFinding(
  found: Omit<MeshFinding, 'analysis'>,
  placeOf: PlaceOf,
): ReportedFinding {
  return reportPlain(plainFinding(found), placeOf)
}

/** The same for a finding without its mesh. */
export function reportPlain(plain: PlainFinding, placeOf: PlaceOf): ReportedFinding {
  const { rule, level, message, file, range, object, path, related, assumptions, fixes } = plain
  return {
    rule,
    level,
    message,
    ...placeOf(file, range),
    object,
    path,
    related: related.map((fact) => ({
      ...placeOf(fact.file, fact.range),
      message: fact.message,
    })),
    assumptions,
    fixes,
  }
}

function plainFinding({
  file,
  finding,
  range,
  related,
}: Omit<MeshFinding, 'analysis'>): PlainFinding {
  const { rule, level, message, place, assumptions, fixes } = finding
  return {
    rule,
    level,
    message,
    file,
    range,
    object: place.kind === 'field' ? objectOf(place.resource) : null,
    path: place.kind === 'field' ? place.path : [],
    related: related.map((fact) => ({
      file: fact.file,
      range: fact.range,
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
