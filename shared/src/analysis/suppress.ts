import type { FileDocument } from '../resources/fileFacts.js'
import type { Range } from '../text/lineIndex.js'
import { lacksReason, type Suppression } from '../yaml/suppressions.js'
import { unusedSuppression } from '../rules/yaml/unused-suppression.js'
import type { Finding, Place } from '../rules/finding.js'
import type { Fix } from '../rules/fix.js'
import { isSuppressedByAnnotation } from '../rules/yaml/foreignSuppressions.js'
import { quoted } from '../text/words.js'
import { addToGroup } from '../text/collections.js'

export interface SuppressOptions {
  readonly file: string
  readonly rangeOf: (place: Place) => Range | undefined
  /** Whether the settings disable a rule. */
  readonly isOff: (rule: string) => boolean
  /** Whether a rule with this name exists. */
  readonly isRule: (name: string) => boolean
}

/**
 * The findings about a document that are not suppressed: by an ignore comment, or by an annotation
 * of their object that suppresses the same finding of another tool. They are followed by a finding
 * for each rule that an ignore comment names but that finds nothing there, and for each comment
 * without its reason, which suppresses nothing.
 */
export function applySuppressions(
  findings: readonly Finding[],
  document: FileDocument,
  options: SuppressOptions,
): Finding[] {
  const { suppressions } = document.facts
  const remaining = findings.filter((finding) => !isSuppressedByAnnotation(finding))
  if (suppressions.length === 0) return remaining
  const index = new SuppressionIndex(suppressions.filter((each) => !lacksReason(each)))
  const suppress = (finding: Finding): boolean => {
    const line = index.names(finding.rule) ? options.rangeOf(finding.place)?.start.line : undefined
    return index.use(finding.rule, line === undefined ? undefined : line - document.line)
  }
  const kept = remaining.filter((finding) => !suppress(finding))
  if (!isFullyRead(document)) return kept
  const unused = index
    .unused()
    .flatMap(({ rule, suppression }) => unusedFinding(rule, suppression, { document, options }))
  const incomplete = suppressions
    .filter(lacksReason)
    .map((suppression) => incompleteFinding(suppression, { document, options }))
  return [...kept, ...[...unused, ...incomplete].filter((finding) => !suppress(finding))]
}

/** The ignore comments of a document by rule and line. A document may have thousands. */
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

  /** Whether a comment suppresses a rule on a line. Marks the comments that do as used. */
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

/** Whether all findings are known: the YAML is valid and contains objects, no template. */
function isFullyRead({ facts }: FileDocument): boolean {
  return facts.problems.length === 0 && facts.debris.length === 0 && facts.resources.length > 0
}

/**
 * Whether a finding about a file of several meshes is valid only if it is found in all of them: an
 * ignore comment may be needed in one of them.
 */
export function mustHoldInEveryMesh({ rule }: Finding): boolean {
  return rule === unusedSuppression.name
}

interface Unused {
  readonly document: FileDocument
  readonly options: SuppressOptions
}

/**
 * Nothing is reported about a rule that the settings disable, or about a comment that names
 * `unused-suppression` itself.
 */
function unusedFinding(
  rule: string,
  suppression: Suppression,
  { document, options }: Unused,
): Finding[] {
  if (rule === unusedSuppression.name || options.isOff(rule)) return []
  const message = options.isRule(rule)
    ? `This ignore comment is not needed: "${rule}" finds nothing here.`
    : `This ignore comment has no effect: there is no rule ${quoted(rule, 48)}.`
  return [
    {
      ...findingAt(suppression, message, { document, options }),
      fixes: removal(suppression, { document, options }),
      tag: 'unnecessary',
    },
  ]
}

function incompleteFinding(suppression: Suppression, where: Unused): Finding {
  return findingAt(
    suppression,
    'This ignore comment has no effect: write the reason after "--".',
    where,
  )
}

function findingAt(
  { span }: Suppression,
  message: string,
  { document, options: { file } }: Unused,
): Finding {
  const { name: rule, level } = unusedSuppression
  return {
    rule,
    level,
    message,
    place: { kind: 'document', file, document: document.serial, span },
    related: [],
    assumptions: [],
    fixes: [],
    tag: undefined,
  }
}

/**
 * Removes a comment that names only one rule. Not safe: the comment may be needed in another mesh
 * to which the file belongs.
 */
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
