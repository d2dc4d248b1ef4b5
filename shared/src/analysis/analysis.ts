import { Mesh, type World } from '../mesh/mesh.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import type { WrittenId } from '../resources/kustomize/patch.js'
import { Outlines } from '../resources/outline.js'
import { samePlacement, type FilePlacement } from '../resources/placement.js'
import { isEdited, readFile, type FileFacts, type PlacedDocument } from '../resources/readFile.js'
import type { Resource } from '../resources/resource.js'
import type { FileText } from '../yaml/splitText.js'
import { documentFindings } from './documentFindings.js'
import { unusedSuppression } from '../rules/yaml/unused-suppression.js'
import { withChanges, type Finding, type Level, type Place } from '../rules/finding.js'
import { INTERNAL_ERROR } from './judge.js'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { InventoryChangeCollector } from './inventoryChange.js'
import { BuildFiles } from './buildFiles.js'
import { FindingsCache } from './findingsCache.js'
import { FindingLocator, type Located, type PlacedFinding } from './locate.js'
import { settled } from './variants/settled.js'
import { KustomizeIndex } from './kustomizeIndex.js'
import { applySuppressions, type SuppressOptions } from './suppress.js'

/** What a suppression can name. */
const RULE_NAMES: ReadonlySet<string> = new Set([
  ...RULE_CATALOGUE.map(({ name }) => name),
  INTERNAL_ERROR,
])

/** A new text of a file; undefined where the file is gone. */
export interface FileChange {
  readonly file: string
  readonly text: FileText | undefined
  /** The file is open in an editor: its documents' texts are kept so that an edit re-reads one document. */
  readonly open?: boolean
}

export interface AnalysisOptions {
  readonly settings: MeshSettings
  readonly world: World
  /** Levels by rule name; `off` silences a rule. */
  readonly levels: Readonly<Record<string, Level | 'off'>>
  /** The present text of a file, for reading it again when its kustomization or chart has changed. */
  readText(file: string): FileText | undefined
  /** Keep what every fact rests on; for tests. */
  readonly record?: boolean
  /** Until `settle` is called, take objects as they are written: which kustomizations change them is seen when all files are here. */
  readonly gathering?: boolean
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
  readonly #outlines = new Outlines()
  readonly #derived = new KustomizeIndex()
  readonly #context: BuildFiles
  readonly #places = new FindingLocator(this.#files)
  readonly #found = new FindingsCache(this.#places, (file, document) => this.#find(file, document))
  #gathering: boolean

  constructor(options: AnalysisOptions) {
    this.#options = options
    this.#gathering = options.gathering ?? false
    this.#context = new BuildFiles({
      closed: options.world === 'closed',
      readText: (file) => (this.#files.has(file) ? options.readText(file) : undefined),
    })
    this.mesh = new Mesh(options.settings, options.world, { record: options.record ?? false })
  }

  get files(): ReadonlyMap<string, FileFacts> {
    return this.#files
  }

  /** Takes in new texts. Files that speak of others (kustomizations, their patches, charts) are read first, whatever their order. */
  update(changes: readonly FileChange[]): UpdateResult {
    const moved = this.#context.take(changes)
    return this.#read(changes, moved && !this.#gathering)
  }

  /** Every file is here: from now on objects are what kustomizations make of them. */
  settle(): UpdateResult {
    if (!this.#gathering) return { files: new Set(), parsed: 0 }
    this.#gathering = false
    this.#context.refresh()
    return this.#read([], true)
  }

  /** The findings that stand in a file, suppressions and levels applied; those of its own objects first, in the order of its text. Judges what has to be judged. */
  findingsOf(file: string): Finding[] {
    const facts = this.#files.get(file)
    if (!facts) return []
    const standsHere = ({ place }: Finding): boolean =>
      place.kind === 'field' ? this.locate(place)?.file === file : place.file === file
    const own =
      facts.foreignFiles.size === 0 ? this.#judged(facts) : this.#judged(facts).filter(standsHere)
    const others = [...this.#derived.drawingOn(file)].flatMap((other) => {
      const drawing = this.#files.get(other)
      return drawing ? this.#judged(drawing).filter(standsHere) : []
    })
    return others.length === 0 ? own : [...own, ...this.#unsuppressed(others, facts)]
  }

  /** The same with where they stand, without those that have no place in the present text; the very same values as before where nothing has moved. */
  placedFindingsOf(file: string): readonly PlacedFinding[] {
    const facts = this.#files.get(file)
    if (!facts) return []
    const [drawing] = this.#derived.drawingOn(file)
    if (drawing !== undefined || facts.foreignFiles.size > 0)
      return this.#places.place(this.findingsOf(file), file).findings
    return this.#found.placedIn(file, facts.documents)
  }

  /** Judges what has to be judged of a file, one object a step: its findings are there at once afterwards. What is read meanwhile is taken in. */
  *judging(file: string): Generator<void> {
    for (const each of [file, ...this.#derived.drawingOn(file)]) {
      for (let index = 0; index < (this.#files.get(each)?.documents.length ?? 0); index++) {
        for (let ordinal = 0; ; ordinal++) {
          const resource = this.#files.get(each)?.documents[index]?.facts.resources[ordinal]
          if (!resource) break
          this.mesh.get(settled, resource)
          yield
        }
      }
    }
  }

  /** What is not applied of the kustomizations, by their file. */
  get notApplied(): ReadonlyMap<string, readonly string[]> {
    return this.#context.notApplied
  }

  /** The findings of a file's objects, wherever what they complain of stands. */
  #judged({ file, documents }: FileFacts): Finding[] {
    return documents.flatMap((document) => this.#found.in(file, document))
  }

  /** What is to be said of a document, suppressions and levels applied. */
  #find(file: string, document: PlacedDocument): readonly Finding[] {
    const all = [
      ...documentFindings(file, document),
      ...document.facts.resources.flatMap((resource) => this.mesh.get(settled, resource)),
    ]
    const levelled = all.flatMap((finding) => this.#withLevel(finding))
    const kept = applySuppressions(levelled, document, this.#suppressOptions(file))
    return kept.flatMap((finding) =>
      finding.rule === unusedSuppression.name ? this.#withLevel(finding) : [finding],
    )
  }

  /** Findings about values that stand in a file without objects: its comments count. */
  #unsuppressed(findings: readonly Finding[], { file, documents }: FileFacts): Finding[] {
    const lineOf = ({ place }: Finding): number => this.locate(place)?.range.start.line ?? 0
    return documents.flatMap((document, index) => {
      const end = documents[index + 1]?.line ?? Infinity
      const inside = findings.filter(
        (finding) => lineOf(finding) >= document.line && lineOf(finding) < end,
      )
      return inside.length === 0
        ? []
        : applySuppressions(inside, document, this.#suppressOptions(file))
    })
  }

  #suppressOptions(file: string): SuppressOptions {
    return {
      file,
      rangeOf: (place) => {
        const found = this.locate(place)
        return found?.file === file ? found.range : undefined
      },
      isOff: (rule) => this.#options.levels[rule] === 'off',
      isRule: (name) => RULE_NAMES.has(name),
    }
  }

  /** Where a place stands now; undefined where its document is gone. */
  locate(place: Place): Located | undefined {
    return this.#places.locate(place)
  }

  /** The text of a kustomization or patch as it was read, where values of objects stand in it. */
  contextText(file: string): string | undefined {
    return this.#context.textOf(file)
  }

  /** The document that holds a resource. */
  documentOf(resource: Resource): PlacedDocument | undefined {
    return this.#places.documentOf(resource.origin.file, resource.origin.document)
  }

  #withLevel(finding: Finding): Finding[] {
    const level = this.#options.levels[finding.rule]
    if (level === 'off') return []
    if (level === undefined || level === finding.level) return [finding]
    return [
      withChanges(finding, {
        level: finding.assumptions.length > 0 && level === 'error' ? 'warning' : level,
      }),
    ]
  }

  /** Reads files, and again those that what was read makes be read in another way. */
  #read(changes: readonly FileChange[], moved: boolean): UpdateResult {
    const collector = new InventoryChangeCollector()
    const read = new Set<string>()
    let parsed = 0
    const take = ({ file, text, open }: FileChange): void => {
      const before = this.#files.get(file)
      const next = text === undefined ? undefined : this.#readFile(file, text, open ?? false)
      parsed += next?.parsed ?? 0
      collector.replace(before, next)
      this.#derived.replace(before, next)
      if (next) this.#files.set(file, next)
      else {
        this.#files.delete(file)
        this.#found.forgetFile(file)
      }
      read.add(file)
    }
    const again = (files: readonly string[]): void => {
      for (const file of files)
        take({ file, text: this.#options.readText(file), open: this.#isOpen(file) })
    }
    for (const change of changes) take(change)
    if (moved) again(this.#misplaced().filter((file) => !read.has(file)))
    again(this.#derived.misled())
    const stale = this.mesh.apply(collector.result(), settled)
    for (const resource of stale) {
      const document = this.documentOf(resource)
      if (document) this.#found.forget(document)
    }
    return {
      files: this.#derived.withForeign([...read, ...stale.map((resource) => resource.origin.file)]),
      parsed,
    }
  }

  #readFile(file: string, text: FileText, open: boolean): FileFacts {
    const placement = this.#placementOf(file)
    const before = this.#files.get(file)
    const reusable =
      before && samePlacement(before.placement, placement, writtenIn(before)) ? before : undefined
    const intern = (string: string): string => this.#intern(string)
    const nameNow = (key: string, likely: string): string | undefined =>
      this.#derived.nameNow(key, likely)
    return readFile(
      file,
      text,
      {
        placement,
        keepText: open,
        nextSerial: before?.nextSerial ?? 0,
        intern,
        nameNow,
        outlines: this.#outlines,
        speaking: this.#context.metadataOf(file),
      },
      reusable,
    )
  }

  /** While files are still coming, those that several kustomizations draw in are likely to be read again for each. */
  #placementOf(file: string): FilePlacement {
    const placement = this.#context.placementOf(file)
    return this.#gathering && placement.chains.length > 1 ? { ...placement, chains: [] } : placement
  }

  /** Files that were read for another placement than they have now. */
  #misplaced(): string[] {
    return [...this.#files.values()]
      .filter(
        (facts) => !samePlacement(facts.placement, this.#placementOf(facts.file), writtenIn(facts)),
      )
      .map(({ file }) => file)
  }

  #isOpen(file: string): boolean {
    return this.#files.get(file)?.documents.some(isEdited) ?? false
  }

  #intern(text: string): string {
    const known = this.#strings.get(text)
    if (known !== undefined) return known
    // A slice would keep the whole file's text alive, and what is concatenated its parts; what is joined is a copy.
    const copy = text.length < 13 ? text : [text.slice(0, 1), text.slice(1)].join('')
    this.#strings.set(copy, copy)
    return copy
  }
}

/** The objects of a file as they are written, where kustomizations change them. */
function writtenIn({ placement, documents }: FileFacts): readonly WrittenId[] {
  return placement.chains.length === 0
    ? []
    : documents.flatMap(({ facts }) => facts.derived?.written ?? [])
}
