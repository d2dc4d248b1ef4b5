import { CountedWork } from '../inventory/countedWork.js'
import type { InventoryChange } from '../inventory/inventory.js'
import { Mesh } from '../mesh/mesh.js'
import type { FileDocument, FileFacts } from '../resources/fileFacts.js'
import type { NotApplied } from '../resources/kustomization.js'
import type { Resource } from '../resources/resource.js'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import type { Finding, Place } from '../rules/finding.js'
import { unusedSuppression } from '../rules/yaml/unused-suppression.js'
import { withAssumedFiles, withLevel } from './adjustFindings.js'
import type { AnalysisOptions, UpdateResult } from './analysisOptions.js'
import { NONE } from '../text/collections.js'
import { documentFindings } from './documentFindings.js'
import { FileStore, type FileChange, type StoreUpdate } from './fileStore.js'
import { FindingLocator, type LocatedFinding, type Location } from './findingLocator.js'
import { FindingsCache } from './findingsCache.js'
import { mayHideFindings, without } from './hiddenFindings.js'
import { ObjectFindings } from './objectFindings.js'
import { INTERNAL_ERROR } from './runRules.js'
import { signsOfIstioIn } from './signsOfIstio.js'
import { differenceOf } from './inventoryChange.js'
import { applySuppressions, type SuppressOptions } from './suppress.js'

export type { AnalysisOptions, UpdateResult } from './analysisOptions.js'
export type { FileChange } from './fileStore.js'

/** The rules that an ignore comment can name. */
const RULE_NAMES: ReadonlySet<string> = new Set([
  ...RULE_CATALOGUE.map(({ name }) => name),
  INTERNAL_ERROR,
])

/**
 * One mesh: its files, the facts that follow from them, and the findings. Does no input or output.
 */
export class Analysis {
  readonly mesh: Mesh
  readonly #options: AnalysisOptions
  readonly #store: FileStore
  readonly #locator: FindingLocator
  readonly #cache: FindingsCache
  readonly #objects: ObjectFindings
  #ownFiles: ReadonlyMap<string, FileFacts> | undefined
  #lender: Analysis | undefined
  #isEmpty = true
  /** How many objects and templates show that Istio is used. */
  #signsOfIstio = 0

  constructor(options: AnalysisOptions) {
    this.#options = options
    this.#store = new FileStore({
      closed: options.world === 'closed',
      readText: (file) => options.readText(file),
      namespaceOf: (file) => options.namespaceOf?.(file),
      loading: options.loading ?? false,
      sharedFiles: options.sharedFiles,
    })
    this.#locator = new FindingLocator(this.#store.files)
    this.#cache = new FindingsCache(this.#locator, (file, document) => this.#check(file, document))
    this.mesh = new Mesh(options.settings, options.world, {
      record: options.record ?? false,
      work: new CountedWork(options.workLimit),
    })
    this.#objects = new ObjectFindings(this.mesh)
    this.#lender = options.lender
  }

  /** The mesh from which this one takes findings. It must be updated before this one. */
  get lender(): Analysis | undefined {
    return this.#lender
  }

  /** The files of the mesh, without those that it only sees. */
  get files(): ReadonlyMap<string, FileFacts> {
    const { isContext } = this.#options
    if (!isContext) return this.#store.files
    return (this.#ownFiles ??= new Map([...this.#store.files].filter(([file]) => !isContext(file))))
  }

  /** The files of the mesh, and those that it only sees. */
  get visibleFiles(): ReadonlyMap<string, FileFacts> {
    return this.#store.files
  }

  /** The parts of kustomizations that are not applied, by kustomization file. */
  get notApplied(): ReadonlyMap<string, readonly NotApplied[]> {
    return this.#store.notApplied
  }

  /**
   * Whether the files or the settings show that Istio is used. Where they do not, there are no
   * findings, and nothing is shown in an editor.
   */
  get mentionsIstio(): boolean {
    return this.#signsOfIstio > 0 || this.mesh.userSettings.assumeAmbient === 'all'
  }

  /** Adds, changes or removes files. */
  update(changes: readonly FileChange[]): UpdateResult {
    return this.#apply(this.#store.update(changes))
  }

  /** How an update with these texts would change the objects of the mesh. Nothing is changed. */
  preview(changes: readonly FileChange[]): InventoryChange {
    return this.#store.preview(changes)
  }

  /** All files have been added. From now on objects are as their kustomizations build them. */
  finishLoading(): UpdateResult {
    if (!this.#store.isLoading) return { files: new Set(), parsed: 0 }
    return this.#apply(this.#store.finishLoading())
  }

  /**
   * The findings in a file, with ignore comments and levels applied. Findings about its own objects
   * are first, in the order of the text. Runs the rules as far as necessary.
   */
  findingsOf(file: string): Finding[] {
    const facts = this.files.get(file)
    if (!facts) return []
    const isInFile = ({ place }: Finding): boolean =>
      place.kind === 'field' ? this.locate(place)?.file === file : place.file === file
    const all = this.#findingsAboutObjectsOf(facts)
    const own = facts.foreignFiles.size === 0 ? all : all.filter(isInFile)
    const aboutOthers = this.#findingsAboutOthersIn(file).filter(isInFile)
    return aboutOthers.length === 0 ? own : [...own, ...this.#notIgnored(aboutOthers, facts)]
  }

  /** The findings in a file that ignore comments or annotations hide. */
  hiddenFindingsOf(file: string): Finding[] {
    const facts = this.files.get(file)
    if (!facts || this.#options.ignoreComments === false) return []
    const own = facts.documents.filter(mayHideFindings).flatMap((document) => {
      const found = this.#found(file, document)
      return without(found, this.#notHidden(found, document, file))
    })
    const others = this.#findingsAboutOthersIn(file).filter(
      ({ place }) => this.locate(place)?.file === file,
    )
    return others.length === 0 ? own : [...own, ...without(others, this.#notIgnored(others, facts))]
  }

  /**
   * The findings in a file with their locations. Findings without a location are left out. Returns
   * the same objects as before for documents that are unchanged and have not moved.
   */
  locatedFindingsOf(file: string): readonly LocatedFinding[] {
    const facts = this.files.get(file)
    if (!facts) return []
    const [other] = this.#store.filesWithFieldsIn(file)
    if (other !== undefined || facts.foreignFiles.size > 0)
      return this.#locator.locateAll(this.findingsOf(file), file).findings
    return this.#cache.locatedIn(file, facts.documents)
  }

  /**
   * Runs the rules for a file, one object per step, so that `findingsOf` returns at once
   * afterwards. The file may change between two steps.
   */
  *checkInSteps(file: string): Generator<void> {
    for (const each of [file, ...this.#store.filesWithFieldsIn(file)]) {
      for (let index = 0; index < (this.files.get(each)?.documents.length ?? 0); index++) {
        for (let ordinal = 0; ; ordinal++) {
          const resource = this.files.get(each)?.documents[index]?.facts.resources[ordinal]
          if (!resource) break
          this.#objects.about(resource)
          yield
        }
      }
    }
  }

  /** The present location of a place; undefined if its document no longer exists. */
  locate(place: Place): Location | undefined {
    return this.#locator.locate(place)
  }

  /** The text of a kustomization or patch file as it was read, if objects have fields in it. */
  buildFileText(file: string): string | undefined {
    return this.#store.buildFileText(file)
  }

  /** The document that contains a resource. */
  documentOf({ origin }: Resource): FileDocument | undefined {
    return this.#locator.documentOf(origin.file, origin.document)
  }

  #apply({ inventoryChange, files, removed, parsed }: StoreUpdate): UpdateResult {
    this.#ownFiles = undefined
    for (const file of removed) this.#cache.dropFile(file)
    const mentionedIstio = this.mentionsIstio
    this.#signsOfIstio += signsOfIstioIn(inventoryChange)
    const stale = this.#applyToMesh(inventoryChange)
    for (const resource of stale ?? []) {
      const document = this.documentOf(resource)
      if (document) this.#cache.drop(document)
    }
    if (stale === undefined || this.mentionsIstio !== mentionedIstio) {
      for (const { documents } of this.files.values())
        for (const document of documents) this.#cache.drop(document)
      return { files: new Set([...files, ...this.files.keys()]), parsed }
    }
    const changed = [...files, ...stale.map(({ origin }) => origin.file)]
    return { files: this.#store.withForeignFiles(changed), parsed }
  }

  /** Returns the objects whose findings may differ; undefined for all. */
  #applyToMesh(change: InventoryChange): readonly Resource[] | undefined {
    if (this.#isEmpty && this.#lender) {
      this.#isEmpty = false
      const difference = differenceOf(this.#lender.visibleFiles, this.visibleFiles)
      if (difference.removed.length + difference.added.length < change.added.length) {
        this.#objects.borrow(this.#lender.#objects, difference)
        return NONE
      }
      this.#lender = undefined
    }
    return this.#objects.apply(change)
  }

  /** The findings about the objects of a file, which may be located in other files. */
  #findingsAboutObjectsOf({ file, documents }: FileFacts): Finding[] {
    return documents.flatMap((document) => this.#cache.findingsIn(file, document))
  }

  /** The findings about a document and its objects, with ignore comments and levels applied. */
  #check(file: string, document: FileDocument): readonly Finding[] {
    const found = this.#found(file, document)
    if (found.length === 0 && document.facts.suppressions.length === 0) return found
    return this.#notHidden(found, document, file).flatMap((finding) =>
      finding.rule === unusedSuppression.name
        ? withLevel(finding, this.#options.levels)
        : [finding],
    )
  }

  /** The findings about a document and its objects with their levels, also those that comments hide. */
  #found(file: string, document: FileDocument): Finding[] {
    const { resources, suppressions, namesIstio } = document.facts
    if (
      !this.mentionsIstio &&
      (resources.length > 0 || namesIstio !== true) &&
      suppressions.length === 0
    )
      return []
    return [
      ...documentFindings(file, document, this.files.get(file)?.context.isIncluded ?? false),
      ...resources.flatMap((resource) => this.#objects.about(resource)),
    ].flatMap((finding) =>
      withLevel(withAssumedFiles(finding, this.visibleFiles), this.#options.levels),
    )
  }

  #notHidden(found: readonly Finding[], document: FileDocument, file: string): readonly Finding[] {
    return this.#options.ignoreComments === false
      ? found
      : applySuppressions(found, document, this.#suppressOptions(file))
  }

  /** The findings about objects of other files that have fields in this file. */
  #findingsAboutOthersIn(file: string): Finding[] {
    return [...this.#store.filesWithFieldsIn(file)].flatMap((other) => {
      const facts = this.files.get(other)
      return facts ? this.#findingsAboutObjectsOf(facts) : []
    })
  }

  /**
   * Applies the ignore comments of a kustomization or patch file to findings about objects of other
   * files.
   */
  #notIgnored(findings: readonly Finding[], { file, documents }: FileFacts): readonly Finding[] {
    if (this.#options.ignoreComments === false) return findings
    const lineOf = ({ place }: Finding): number => this.locate(place)?.range.start.line ?? 0
    return documents.flatMap((document, index) => {
      const end = documents[index + 1]?.line ?? Infinity
      const inDocument = findings.filter(
        (finding) => lineOf(finding) >= document.line && lineOf(finding) < end,
      )
      return inDocument.length === 0
        ? []
        : applySuppressions(inDocument, document, this.#suppressOptions(file))
    })
  }

  #suppressOptions(file: string): SuppressOptions {
    return {
      file,
      rangeOf: (place) => {
        const location = this.locate(place)
        return location?.file === file ? location.range : undefined
      },
      isOff: (rule) => this.#options.levels[rule] === 'off',
      isRule: (name) => RULE_NAMES.has(name),
    }
  }
}
