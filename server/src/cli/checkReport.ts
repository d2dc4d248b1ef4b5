import {
  isUnnamed,
  LEVELS,
  mustHoldInEveryMesh,
  type Analysis,
  type FieldPath,
  type Finding,
  type Level,
  type Place,
  type Range,
} from '@istio-ambient-policy/shared'

/** The findings of `check`, in the shape of its JSON output. */
export interface CheckReport {
  readonly findings: readonly ReportedFinding[]
  readonly summary: CheckSummary
}

export interface ReportedFinding {
  readonly rule: string
  readonly level: Level
  readonly message: string
  /** As the command was told it, relative to the working directory. */
  readonly file: string
  readonly range: Range
  /** Null where the finding is about a document's text. `namespace` is `''` where none is written or the kind has none. */
  readonly object: ReportedObject | null
  readonly path: FieldPath
  readonly related: readonly {
    readonly file: string
    readonly range: Range
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
}

/** A finding as it is reported, and where it comes from. */
export interface FoundIn {
  readonly reported: ReportedFinding
  readonly finding: Finding
  readonly analysis: Analysis
}

/** All findings of some meshes, in the order of file, position and rule. What several meshes say of one file in the same words is said once. */
export function findingsOf(
  meshes: readonly Analysis[],
  display: (file: string) => string,
): FoundIn[] {
  const found = new Map<string, FoundIn & { readonly times: number }>()
  for (const analysis of meshes) {
    for (const finding of [...analysis.files.keys()].flatMap((file) => analysis.findingsOf(file))) {
      const reported = reportFinding(finding, analysis, display)
      const key = JSON.stringify([reported.rule, reported.message, reported.file, reported.range])
      const before = found.get(key)
      found.set(
        key,
        before ? { ...before, times: before.times + 1 } : { reported, finding, analysis, times: 1 },
      )
    }
  }
  const holding = (file: string): number => meshes.filter(({ files }) => files.has(file)).length
  const told = [...found.values()].filter(
    ({ finding, times }) =>
      !mustHoldInEveryMesh(finding) ||
      finding.place.kind !== 'document' ||
      times >= holding(finding.place.file),
  )
  return told
    .map(({ reported, finding, analysis }) => ({ reported, finding, analysis }))
    .sort((a, b) => byPosition(a.reported, b.reported))
}

/** The report on some meshes. */
export function checkReport(
  meshes: readonly Analysis[],
  findings: readonly ReportedFinding[],
): CheckReport {
  const files = [...new Map(meshes.flatMap((analysis) => [...analysis.files])).values()]
  const objects = files
    .flatMap(({ documents }) => documents.flatMap(({ facts }) => facts.resources))
    .filter(({ apiVersion }) => apiVersion !== '')
  const count = (level: Level): number =>
    findings.filter((finding) => finding.level === level).length
  const [error, warning, information, hint] = LEVELS
  return {
    findings,
    summary: {
      files: files.length,
      objects: objects.length,
      error: count(error),
      warning: count(warning),
      information: count(information),
      hint: count(hint),
    },
  }
}

/** A finding in the shape of the JSON output. */
export function reportFinding(
  finding: Finding,
  analysis: Analysis,
  display: (file: string) => string,
): ReportedFinding {
  const { rule, level, message, place, related, assumptions, fixes } = finding
  const locatePlace = (at: Place): Located => locate(analysis, at, display)
  return {
    rule,
    level,
    message,
    ...locatePlace(place),
    object: place.kind === 'field' ? objectOf(place.resource) : null,
    path: place.kind === 'field' ? place.path : [],
    related: related.map((fact) => ({ ...locatePlace(fact.place), message: fact.message })),
    assumptions,
    fixes: fixes.map(({ title }) => ({ title })),
  }
}

interface Located {
  readonly file: string
  readonly range: Range
}

const NOWHERE: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

function locate(analysis: Analysis, place: Place, display: (file: string) => string): Located {
  const found = analysis.locate(place)
  const file = found?.file ?? (place.kind === 'field' ? place.resource.origin.file : place.file)
  return { file: display(file), range: found?.range ?? NOWHERE }
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

function byPosition(a: ReportedFinding, b: ReportedFinding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  const { start } = a.range
  const other = b.range.start
  return (
    start.line - other.line ||
    start.character - other.character ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
  )
}
