import type { DocumentFacts } from '../resources/documentFacts.js'
import { isEdited, type PlacedDocument } from '../resources/readFile.js'
import type { Finding } from '../rules/finding.js'
import type { PlacedFinding, PlacedFindings, FindingLocator } from './locate.js'

/** What was found in a document. */
interface Found {
  readonly findings: readonly Finding[]
  /** Where it stood when that was asked last. */
  placed: PlacedFindings | undefined
  /** An object of the document has to be judged again. */
  isOutdated: boolean
}

/** The documents of a file that is being edited, and what was found in each. */
interface Known {
  readonly documents: readonly PlacedDocument[]
  readonly found: readonly Found[]
}

const NOTHING: Found = { findings: [], placed: undefined, isOutdated: false }

/**
 * What was found in documents, kept as long as it holds: of documents in which something was found, and of those of files that are being edited, for a keystroke
 * concerns one of thousands.
 */
export class FindingsCache {
  readonly #find: (file: string, document: PlacedDocument) => readonly Finding[]
  readonly #places: FindingLocator
  readonly #found = new WeakMap<DocumentFacts, Found>()
  readonly #known = new Map<string, Known>()

  /** @param find what is to be said of a document that says something. */
  constructor(
    places: FindingLocator,
    find: (file: string, document: PlacedDocument) => readonly Finding[],
  ) {
    this.#places = places
    this.#find = find
  }

  /** The findings of a document. */
  in(file: string, document: PlacedDocument): readonly Finding[] {
    return this.#foundIn(file, document).findings
  }

  /** The findings of documents of a file with where they stand; the very same values as before where nothing has moved. */
  placedIn(file: string, documents: readonly PlacedDocument[]): readonly PlacedFinding[] {
    const before = this.#known.get(file)
    const found = documents.map((document, index) => {
      // Most documents are as they were, and in the same place among the others.
      const known =
        isEdited(document) && isKept(document) && before?.documents[index]?.facts === document.facts
          ? before.found[index]
          : undefined
      return known?.isOutdated === false ? known : this.#foundIn(file, document)
    })
    if (documents.some(isEdited)) this.#known.set(file, { documents, found })
    else this.#known.delete(file)
    const placed: PlacedFinding[] = []
    for (const each of found) {
      if (each.findings.length === 0) continue
      if (!each.placed || !this.#places.stand(each.placed))
        each.placed = this.#places.place(each.findings, file)
      placed.push(...each.placed.findings)
    }
    return placed
  }

  /** Something else may have to be said of a document. */
  forget({ facts }: PlacedDocument): void {
    const found = this.#found.get(facts)
    if (found) found.isOutdated = true
    this.#found.delete(facts)
  }

  /** A file is gone. */
  forgetFile(file: string): void {
    this.#known.delete(file)
  }

  #foundIn(file: string, document: PlacedDocument): Found {
    if (isSilent(document)) return NOTHING
    const known = this.#found.get(document.facts)
    if (known) return known
    const found: Found = {
      findings: this.#find(file, document),
      placed: undefined,
      isOutdated: false,
    }
    if (isKept(document) && (found.findings.length > 0 || isEdited(document)))
      this.#found.set(document.facts, found)
    return found
  }
}

/** What stands in objects that kustomizations have made may stand in other files, and is asked for each time. */
function isKept({ facts }: PlacedDocument): boolean {
  return facts.derived === undefined
}

function isSilent({ facts }: PlacedDocument): boolean {
  return (
    facts.resources.length === 0 &&
    facts.problems.length === 0 &&
    facts.debris.length === 0 &&
    facts.suppressions.length === 0
  )
}
