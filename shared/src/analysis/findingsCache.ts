import type { DocumentFacts } from '../resources/documentFacts.js'
import { isOpenInEditor, type FileDocument } from '../resources/fileFacts.js'
import type { Finding } from '../rules/finding.js'
import type { FindingLocator, LocatedFinding, LocatedFindings } from './findingLocator.js'

/** The findings about one document. */
interface CachedFindings {
  readonly findings: readonly Finding[]
  /** Their locations when these were last computed. */
  located: LocatedFindings | undefined
  /** The findings may be different now. */
  isOutdated: boolean
}

/** The documents of a file that is open in an editor, with the findings of each. */
interface OpenFile {
  readonly documents: readonly FileDocument[]
  readonly cached: readonly CachedFindings[]
}

const NO_FINDINGS: CachedFindings = { findings: [], located: undefined, isOutdated: false }

/**
 * The findings of documents, until an object of the document or something that it depends on
 * changes. Only documents with findings are cached, and all documents of open files: a keystroke
 * changes one of them, which may be one of thousands.
 */
export class FindingsCache {
  readonly #check: (file: string, document: FileDocument) => readonly Finding[]
  readonly #locator: FindingLocator
  readonly #byDocument = new WeakMap<DocumentFacts, CachedFindings>()
  readonly #openFiles = new Map<string, OpenFile>()

  /** @param check computes the findings about a document. */
  constructor(
    locator: FindingLocator,
    check: (file: string, document: FileDocument) => readonly Finding[],
  ) {
    this.#locator = locator
    this.#check = check
  }

  /** The findings about a document. */
  findingsIn(file: string, document: FileDocument): readonly Finding[] {
    return this.#get(file, document).findings
  }

  /**
   * The findings about all documents of a file with their locations. Returns the same objects as
   * before for documents that are unchanged and have not moved.
   */
  locatedIn(file: string, documents: readonly FileDocument[]): readonly LocatedFinding[] {
    const before = this.#openFiles.get(file)
    const cached = documents.map((document, index) => {
      // Most documents are unchanged and have the same index: no look-up by document is needed.
      const known =
        isOpenInEditor(document) &&
        isCacheable(document) &&
        before?.documents[index]?.facts === document.facts
          ? before.cached[index]
          : undefined
      return known?.isOutdated === false ? known : this.#get(file, document)
    })
    if (documents.some(isOpenInEditor)) this.#openFiles.set(file, { documents, cached })
    else this.#openFiles.delete(file)
    const located: LocatedFinding[] = []
    for (const each of cached) {
      if (each.findings.length === 0) continue
      if (!each.located || !this.#locator.areUnmoved(each.located))
        each.located = this.#locator.locateAll(each.findings, file)
      located.push(...each.located.findings)
    }
    return located
  }

  /** Drops the findings about a document, which may be different now. */
  drop({ facts }: FileDocument): void {
    const cached = this.#byDocument.get(facts)
    if (cached) cached.isOutdated = true
    this.#byDocument.delete(facts)
  }

  /** Drops the findings about a file that no longer exists. */
  dropFile(file: string): void {
    this.#openFiles.delete(file)
  }

  #get(file: string, document: FileDocument): CachedFindings {
    if (isEmpty(document)) return NO_FINDINGS
    const known = this.#byDocument.get(document.facts)
    if (known) return known
    const cached: CachedFindings = {
      findings: this.#check(file, document),
      located: undefined,
      isOutdated: false,
    }
    if (isCacheable(document) && (cached.findings.length > 0 || isOpenInEditor(document)))
      this.#byDocument.set(document.facts, cached)
    return cached
  }
}

/**
 * Objects that kustomizations build have fields in other files, whose changes are not seen here.
 */
function isCacheable({ facts }: FileDocument): boolean {
  return facts.kustomized === undefined
}

function isEmpty({ facts }: FileDocument): boolean {
  return (
    facts.resources.length === 0 &&
    facts.problems.length === 0 &&
    facts.debris.length === 0 &&
    facts.suppressions.length === 0
  )
}
