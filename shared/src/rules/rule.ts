import { assumptionsOf, type Evidence, type KnownCertainty } from '../mesh/certainty.js'
import { isRejectedIn } from '../mesh/discovery.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Resource, ResourceOf, ResourceType } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'
import type { KeyRoot } from '../inventory/indexKeys.js'
import { LazyFinding, type Finding, type Level } from './finding.js'
import type { Fix } from './fix.js'
import { NONE } from '../text/collections.js'

/**
 * The page of a rule, in the file `<name>.page.ts` beside it. `bad` fires this rule and the rules
 * in `alsoFires`, and no other rule; `good` fires none.
 */
export interface RuleDocs {
  /** What is wrong, in one sentence. */
  readonly summary: string
  /** What happens and why, in Markdown. */
  readonly why: string
  /** YAML; a comment `# ←` marks the wrong line. */
  readonly bad: string
  /** Other rules that the bad example fires, by name. */
  readonly alsoFires?: readonly string[]
  readonly good: string
  /** How to fix it, in Markdown. */
  readonly fix: string
  /** The Istio releases with this behaviour, if not all have it. */
  readonly versions?: string
  /** Upstream source or documentation. */
  readonly references: readonly string[]
}

/** One finding of a rule about its subject. */
export interface Report {
  readonly message: string
  /** Field of the subject. */
  readonly path: FieldPath
  readonly on?: 'key' | 'value'
  /** The level, if it differs from the level of the rule. */
  readonly level?: Level
  /**
   * How the facts of the finding are known. None may be unknown: the rule must then report nothing.
   */
  readonly certainties?: readonly KnownCertainty[]
  readonly related?: readonly Evidence[]
  /** Called on demand: fixes cost more than most rules. */
  readonly fixes?: () => readonly Fix[]
  readonly tag?: Finding['tag']
}

export interface RuleContext {
  readonly mesh: Mesh
  readonly report: (given: Report) => void
}

/**
 * A rule checks one object, its subject. It may read only the parts of the mesh that `reads`
 * declares.
 */
export interface Rule<T extends ResourceType = ResourceType> {
  /**
   * In kebab case: the file name, the diagnostic code, the settings key and the word in ignore
   * comments.
   */
  readonly name: string
  readonly level: Level
  readonly subjects: readonly T[]
  /**
   * First words of the inventory keys that the rule reads, without its subject, sorted
   * (`Namespace`, `Workload`, …).
   */
  readonly reads: readonly KeyRoot[]
  /**
   * Whether the rule also checks objects that the API server rejects, and those that istiod does not
   * read: it is about what is written and not about its effect.
   */
  readonly checksRejected?: true
  check(subject: ResourceOf<T>, context: RuleContext): void
}

/** Defines a rule. Its `check` is called only with subjects of its types. */
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

/** Turns off the assumption that namespaces outside the files are in ambient mode. */
const SET_NOT_AMBIENT: Fix = {
  title: 'This mesh does not use ambient mode (writes .ambient-policy.yaml)',
  preferred: false,
  safe: false,
  edits: [{ op: 'setting', key: 'assumeAmbient', value: 'none' }],
}

function isAmbientAssumption(certainty: KnownCertainty): boolean {
  return certainty.level === 'assumed' && certainty.setting === 'assumeAmbient'
}

/** The findings of one rule about one subject. */
export function runRule(rule: Rule, subject: Resource, mesh: Mesh): Finding[] {
  const findings: Finding[] = []
  if (rule.checksRejected !== true && isRejectedIn(mesh, subject)) return findings
  rule.check(subject, { mesh, report: (given) => findings.push(toFinding(rule, subject, given)) })
  return findings
}

/** Turns the report of a rule into a finding. */
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
  const fields = {
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
    fields,
    certainties.some(isAmbientAssumption) ? () => [...fixes(), SET_NOT_AMBIENT] : fixes,
  )
}

function noFixes(): readonly Fix[] {
  return NONE
}

/** A rule about the text of a document, not about an object. */
export type DocumentRule = Pick<Rule, 'name' | 'level'>

export function documentRule(rule: DocumentRule): DocumentRule {
  return rule
}
