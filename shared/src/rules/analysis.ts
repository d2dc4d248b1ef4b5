import { Mesh, type World } from '../mesh/mesh.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { readChart } from '../resources/chart.js'
import { isContextFile, readKustomization } from '../resources/kustomization.js'
import { placementKey, Placements } from '../resources/placement.js'
import { readFile, type FileFacts, type PlacedDocument } from '../resources/readFile.js'
import type { Resource } from '../resources/resource.js'
import type { SourceMap } from '../resources/sourceMap.js'
import { rangeOf, shiftRange, type Range } from '../text/lineIndex.js'
import { documentFindings } from './documentFindings.js'
import { UNUSED_SUPPRESSION } from './documentRules.js'
import type { Finding, Level, Place } from './finding.js'
import { INTERNAL_ERROR } from './judge.js'
import { RULE_CATALOGUE } from './catalogue.js'
import { ChangeCollector, keepEqualFacts } from './changes.js'
import { settled } from './settled.js'
import { applySuppressions } from './suppress.js'

/** What a suppression can name. */
const RULE_NAMES: ReadonlySet<string> = new Set([...RULE_CATALOGUE.map(({ name }) => name), INTERNAL_ERROR])

/** A new text of a file; undefined where the file is gone. */
export interface FileChange {
  readonly file: string
  readonly text: string | undefined
  /** The file is open in an editor: its documents' texts are kept so that an edit re-reads one document. */
  readonly open?: boolean
}

export interface AnalysisOptions {
  readonly settings: MeshSettings
  readonly world: World
  /** Levels by rule name; `off` silences a rule. */
  readonly levels: Readonly<Record<string, Level | 'off'>>
  /** The present text of a file, for reading it again when its kustomization or chart has changed. */
  readText(file: string): string | undefined
  /** Keep what every fact rests on; for tests. */
  readonly record?: boolean
}

/** What one update did. */
export interface UpdateResult {
  /** Files whose findings have to be asked for again: their text has changed or their objects have to be judged again. */
  readonly files: ReadonlySet<string>
  /** Documents read. */
  readonly parsed: number
}

/** One mesh root: the facts of its files, the mesh they make, and the findings. Does no input or output. */
export class Analysis {
  readonly mesh: Mesh
  readonly #options: AnalysisOptions
  readonly #files = new Map<string, FileFacts>()
  readonly #strings = new Map<string, string>()
  readonly #contextFiles = new Map<string, Pick<FileFacts, 'kustomization' | 'chart'>>()
  #placements: Placements

  constructor(options: AnalysisOptions) {
    this.#options = options
    this.#placements = this.#contextOf()
    this.mesh = new Mesh(options.settings, options.world, { record: options.record ?? false })
  }

  get files(): ReadonlyMap<string, FileFacts> {
    return this.#files
  }

  /** Takes in new texts. Files that speak of others (kustomizations, charts) are read first, whatever their order. */
  update(changes: readonly FileChange[]): UpdateResult {
    const collector = new ChangeCollector()
    const read = new Set<string>()
    let parsed = 0
    const take = ({ file, text, open }: FileChange): void => {
      const before = this.#files.get(file)
      const next = text === undefined ? undefined : this.#read(file, text, open ?? false)
      parsed += next?.parsed ?? 0
      const settled = next && before ? keepEqualFacts(before, next) : next
      collector.replace(before, settled)
      if (settled) this.#files.set(file, settled)
      else this.#files.delete(file)
      read.add(file)
    }
    const context = changes.filter(({ file }) => isContextFile(file))
    for (const change of context) this.#takeContext(change)
    if (context.length > 0) this.#placements = this.#contextOf()
    for (const change of changes) take(change)
    if (context.length > 0) for (const file of this.#misplaced()) if (!read.has(file)) take({ file, text: this.#options.readText(file), open: this.#isOpen(file) })
    const stale = this.mesh.apply(collector.result(), settled)
    return { files: new Set([...read, ...stale.map((resource) => resource.origin.file)]), parsed }
  }

  /** The findings of a file, in the order of its text, suppressions and levels applied. Judges what has to be judged. */
  findingsOf(file: string): Finding[] {
    const facts = this.#files.get(file)
    if (!facts) return []
    return facts.documents.flatMap((document) => {
      if (isSilent(document)) return []
      const found = [...documentFindings(file, document), ...document.facts.resources.flatMap((resource) => this.mesh.get(settled, resource))]
      const levelled = found.flatMap((finding) => this.#withLevel(finding))
      const kept = applySuppressions(levelled, document, {
        file,
        rangeOf: (place) => this.locate(place)?.range,
        isOff: (rule) => this.#options.levels[rule] === 'off',
        isRule: (name) => RULE_NAMES.has(name),
      })
      return kept.flatMap((finding) => (finding.rule === UNUSED_SUPPRESSION.name ? this.#withLevel(finding) : [finding]))
    })
  }

  /** Where a place stands now; undefined where its document is gone. */
  locate(place: Place): { readonly file: string; readonly range: Range } | undefined {
    const file = 'resource' in place ? place.resource.origin.file : place.file
    const serial = 'resource' in place ? place.resource.origin.document : place.document
    const document = this.#files.get(file)?.documents.find((candidate) => candidate.serial === serial)
    if (!document) return undefined
    if (!('resource' in place)) return { file, range: shiftRange(rangeOf(document.facts.lineStarts, place.span), document.line) }
    const source = document.facts.sources[place.resource.origin.ordinal]
    return source && { file, range: shiftRange(rangeOf(source.lineStarts, spanOf(source, place)), document.line) }
  }

  /** The document that holds a resource. */
  documentOf(resource: Resource): PlacedDocument | undefined {
    return this.#files.get(resource.origin.file)?.documents.find((document) => document.serial === resource.origin.document)
  }

  #withLevel(finding: Finding): Finding[] {
    const level = this.#options.levels[finding.rule]
    if (level === 'off') return []
    if (level === undefined || level === finding.level) return [finding]
    return [{ ...finding, level: finding.assumptions.length > 0 && level === 'error' ? 'warning' : level }]
  }

  #read(file: string, text: string, open: boolean): FileFacts {
    const placement = this.#placements.of(file)
    const before = this.#files.get(file)
    const reusable = before && before.placement === placementKey(placement) ? before : undefined
    return readFile(file, text, { placement, keepText: open, nextSerial: before?.nextSerial ?? 0, intern: (string) => this.#intern(string) }, reusable)
  }

  #takeContext({ file, text }: FileChange): void {
    const facts = text === undefined ? undefined : { kustomization: readKustomization(file, text), chart: readChart(file, text) }
    if (facts) this.#contextFiles.set(file, facts)
    else this.#contextFiles.delete(file)
  }

  /** Files that were read for another placement than they have now. */
  #misplaced(): string[] {
    return [...this.#files.values()].filter(({ file, placement }) => placement !== placementKey(this.#placements.of(file))).map(({ file }) => file)
  }

  #isOpen(file: string): boolean {
    return this.#files.get(file)?.documents.some((document) => document.text !== undefined) ?? false
  }

  #intern(text: string): string {
    const known = this.#strings.get(text)
    if (known !== undefined) return known
    // A slice would keep the whole file's text alive; this is a copy.
    const copy = text.length < 13 ? text : ` ${text}`.slice(1)
    this.#strings.set(copy, copy)
    return copy
  }

  /** Files whose reading the context files decide, now or before. */
  #contextOf(): Placements {
    const context = [...this.#contextFiles.values()]
    return new Placements(
      { kustomizations: context.flatMap(({ kustomization }) => kustomization ?? []), charts: context.flatMap(({ chart }) => chart ?? []) },
      this.#options.world === 'closed',
    )
  }
}

function spanOf(source: SourceMap, place: Extract<Place, { resource: Resource }>) {
  const found = source.find(place.path)
  return place.path.length === 0 || (place.on === 'value' && found.exact) || !found.key ? firstLineOf(source, found.value) : found.key
}

/** A mapping or list is pointed at by its first line. */
function firstLineOf(source: SourceMap, span: { readonly start: number; readonly end: number }) {
  const nextLine = source.lineStarts.find((start) => start > span.start)
  return nextLine !== undefined && nextLine <= span.end ? { start: span.start, end: nextLine - 1 } : span
}

function isSilent({ facts }: PlacedDocument): boolean {
  return facts.resources.length === 0 && facts.problems.length === 0 && facts.debris.length === 0 && facts.suppressions.length === 0
}
