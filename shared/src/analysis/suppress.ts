import type { PlacedDocument } from '../resources/readFile.js'
import type { Range } from '../text/lineIndex.js'
import type { Suppression } from '../yaml/suppressions.js'
import { unusedSuppression } from '../rules/yaml/unused-suppression.js'
import type { Finding, Place } from '../rules/finding.js'
import type { Fix } from '../rules/fix.js'
import { isSuppressedByAnnotation } from '../rules/yaml/foreignSuppressions.js'
import { quoted } from '../rules/support/words.js'
import { addToGroup } from '../text/collections.js'

export interface SuppressOptions {
  readonly file: string
  readonly rangeOf: (place: Place) => Range | undefined
  /** Whether a setting silences a rule. */
  readonly isOff: (rule: string) => boolean
  /** Whether there is such a rule. */
  readonly isRule: (name: string) => boolean
}

/**
 * The findings of a document that nothing suppresses: no comment of it, and no annotation of their object by which another analyser is silent about the same. Behind
 * them, one finding for each rule that a comment names in vain.
 */
export function applySuppressions(
  findings: readonly Finding[],
  document: PlacedDocument,
  options: SuppressOptions,
): Finding[] {
  const { suppressions } = document.facts
  const spoken = findings.filter((finding) => !isSuppressedByAnnotation(finding))
  if (suppressions.length === 0) return spoken
  const index = new SuppressionIndex(suppressions)
  const suppress = (finding: Finding): boolean => {
    const line = index.names(finding.rule) ? options.rangeOf(finding.place)?.start.line : undefined
    return index.use(finding.rule, line === undefined ? undefined : line - document.line)
  }
  const kept = spoken.filter((finding) => !suppress(finding))
  if (!isReadWhole(document)) return kept
  const unused = index
    .unused()
    .flatMap(({ rule, suppression }) => unusedFinding(rule, suppression, { document, options }))
  return [...kept, ...unused.filter((finding) => !suppress(finding))]
}

/** The comments of a document by what they name; a text may be full of them. */
class SuppressionIndex {
  readonly #uses = new Map<
    string,
    { readonly rule: string; readonly suppression: Suppression; used: boolean }[]
  >()
  readonly #names = new Set<string>()

  constructor(suppressions: readonly Suppression[]) {
    for (const suppression of suppressions) {
      for (const rule of new Set(suppression.rules)) {
        const key = keyOf(rule, suppression.line)
        this.#names.add(rule)
        addToGroup(this.#uses, key, { rule, suppression, used: false })
      }
    }
  }

  names(rule: string): boolean {
    return this.#names.has(rule)
  }

  /** Whether a comment suppresses a rule on a line. Every one that does has been of use. */
  use(rule: string, line: number | undefined): boolean {
    const hits = [
      keyOf(rule, undefined),
      ...(line === undefined ? [] : [keyOf(rule, line)]),
    ].flatMap((key) => this.#uses.get(key) ?? [])
    for (const hit of hits) hit.used = true
    return hits.length > 0
  }

  unused(): { readonly rule: string; readonly suppression: Suppression }[] {
    return [...this.#uses.values()].flat().filter(({ used }) => !used)
  }
}

function keyOf(rule: string, line: number | undefined): string {
  return `${rule} ${line === undefined ? 'document' : String(line)}`
}

/** Whether every finding that there can be is known: the text has no faults, and is that of objects and not of a template. */
function isReadWhole({ facts }: PlacedDocument): boolean {
  return facts.problems.length === 0 && facts.debris.length === 0 && facts.resources.length > 0
}

/** Whether a finding about a file that belongs to several meshes is true only where each of them makes it: a comment may be of use in another. */
export function mustHoldInEveryMesh({ rule }: Finding): boolean {
  return rule === unusedSuppression.name
}

interface Unused {
  readonly document: PlacedDocument
  readonly options: SuppressOptions
}

/** Of a rule that a setting has silenced nothing is said, nor of a comment against this very finding. */
function unusedFinding(
  rule: string,
  suppression: Suppression,
  { document, options }: Unused,
): Finding[] {
  const { name, level } = unusedSuppression
  if (rule === name || options.isOff(rule)) return []
  return [
    {
      rule: name,
      level,
      message: options.isRule(rule)
        ? `"${rule}" finds nothing here: this comment suppresses only what may come.`
        : `There is no rule ${quoted(rule, 48)}: this comment suppresses nothing.`,
      place: {
        kind: 'document',
        file: options.file,
        document: document.serial,
        span: suppression.span,
      },
      related: [],
      assumptions: [],
      fixes: removal(suppression, { document, options }),
      tag: 'unnecessary',
    },
  ]
}

/** Removes a comment that names one rule, with its line where it stands alone. Not safe: in another mesh that the file belongs to it may be of use. */
function removal({ rules, span }: Suppression, { document, options }: Unused): Fix[] {
  if (rules.length > 1) return []
  return [
    {
      title: 'Remove the comment',
      preferred: true,
      safe: false,
      edits: [{ op: 'delete-lines', file: options.file, document: document.serial, span }],
    },
  ]
}
