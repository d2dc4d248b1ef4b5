import { assumptionsOf, type Evidence, type KnownCertainty } from '../mesh/certainty.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Resource, ResourceOf, ResourceType } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'
import type { KeyRoot } from '../inventory/indexKeys.js'
import { LazyFinding, type Finding, type Level } from './finding.js'
import type { Fix } from './fix.js'
import { NONE } from '../text/collections.js'

/** The page of a rule, in the file `<name>.page.ts` beside it. `bad` fires this rule and those in `alsoFires`, no other; `good` fires none. */
export interface RuleDocs {
  /** One sentence: what is wrong. */
  readonly summary: string
  /** What really happens, and why, in Markdown. */
  readonly why: string
  readonly bad: string
  /** Other rules that the bad example fires, by name. */
  readonly alsoFires?: readonly string[]
  readonly good: string
  /** How to repair it, in Markdown. */
  readonly fix: string
  /** Releases that behave so, where not all do. */
  readonly versions?: string
  /** Upstream source or documentation. */
  readonly references: readonly string[]
}

/** What a rule says about its subject. */
export interface Report {
  readonly message: string
  /** Field of the subject. */
  readonly path: FieldPath
  readonly on?: 'key' | 'value'
  /** Where it differs from the rule's own level. */
  readonly level?: Level
  /** How the facts are known that it rests on. An unknown one is a mistake of the rule: it must be silent then. */
  readonly certainties?: readonly KnownCertainty[]
  readonly related?: readonly Evidence[]
  /** Asked for only when somebody looks at the finding: fixes cost more than most rules do. */
  readonly fixes?: () => readonly Fix[]
  readonly tag?: Finding['tag']
}

export interface RuleContext {
  readonly mesh: Mesh
  readonly report: (given: Report) => void
}

/**
 * A rule looks at one object, its subject, and at what `reads` declares of the mesh. A rule that reads nothing is a resource rule.
 */
export interface Rule<T extends ResourceType = ResourceType> {
  /** Kebab-case; the file's name, the diagnostic's code, the settings key and the suppression word. */
  readonly name: string
  readonly level: Level
  readonly subjects: readonly T[]
  /** First words of the inventory keys it reads beyond its subject, sorted (`Namespace`, `Workload`, …). */
  readonly reads: readonly KeyRoot[]
  check(subject: ResourceOf<T>, context: RuleContext): void
}

/** Defines a rule; its `check` is given only subjects of the types that it names. */
export function defineRule<T extends ResourceType>(rule: Rule<T>): Rule {
  const [only, ...others]: readonly ResourceType[] = rule.subjects
  const isSubject = (resource: Resource): resource is ResourceOf<T> =>
    resource.type === only || others.includes(resource.type)
  return {
    ...rule,
    check: (subject, context) => {
      if (isSubject(subject)) rule.check(subject, context)
    },
  }
}

/** Ends the assumption that namespaces of which no file tells are ambient. */
const NOT_AMBIENT: Fix = {
  title: 'Declare that this mesh is not ambient',
  preferred: false,
  safe: false,
  edits: [{ op: 'setting', key: 'assumeAmbient', value: 'none' }],
}

function endsByAmbientSetting(certainty: KnownCertainty): boolean {
  return certainty.level === 'assumed' && certainty.setting === 'assumeAmbient'
}

/** The findings of one rule about one subject. */
export function runRule(rule: Rule, subject: Resource, mesh: Mesh): Finding[] {
  const findings: Finding[] = []
  rule.check(subject, { mesh, report: (given) => findings.push(toFinding(rule, subject, given)) })
  return findings
}

/** What a rule says of its subject, as a finding. */
export function toFinding(
  rule: Rule,
  subject: Resource,
  {
    message,
    path,
    on = 'value',
    level = rule.level,
    certainties = NONE,
    related = NONE,
    fixes = noFixes,
    tag,
  }: Report,
): Finding {
  const assumptions = certainties.length > 0 ? assumptionsOf(certainties) : NONE
  const said = {
    rule: rule.name,
    level: assumptions.length > 0 && level === 'error' ? 'warning' : level,
    message,
    place: { kind: 'field' as const, resource: subject, path, on },
    related:
      related.length > 0
        ? related.map(({ resource, path: where, message: fact }) => ({
            place: { kind: 'field' as const, resource, path: where, on: 'key' as const },
            message: fact,
          }))
        : NONE,
    assumptions,
    tag,
  }
  return new LazyFinding(
    said,
    certainties.some(endsByAmbientSetting) ? () => [...fixes(), NOT_AMBIENT] : fixes,
  )
}

/** Findings are many: what they do not have is one list for all. */

function noFixes(): readonly Fix[] {
  return NONE
}

/** A rule about a document's text, which no object stands for. */
export type DocumentRule = Pick<Rule, 'name' | 'level'>

export function documentRule(rule: DocumentRule): DocumentRule {
  return rule
}
