import { TooMuchWork } from '../../inventory/countedWork.js'
import { keys } from '../../inventory/indexKeys.js'
import { alternativesOf, type Alternatives } from '../../mesh/alternatives.js'
import { query, type Mesh, type MeshQuery } from '../../mesh/mesh.js'
import type { Resource } from '../../resources/resource.js'
import type { Finding } from '../../rules/finding.js'
import { ALL_RULES } from '../../rules/registry.js'
import { runRule, type Rule } from '../../rules/rule.js'
import { duplicateDefinition } from '../../rules/validation/duplicate-definition.js'
import { groupBy } from '../../text/collections.js'
import { compareText } from '../../text/compareText.js'
import { INTERNAL_ERROR, runRules, stoppedFinding } from '../runRules.js'
import { VariantEvaluator, type RuleQuery } from './evaluate.js'
import { FindingIntersection, isSamePlace } from './intersect.js'

/**
 * The findings about one object that hold in every variant of the mesh.
 *
 * Two files may define one object differently. Only one definition, a *variant*, is in the cluster,
 * and the files do not say which:
 *
 * ```yaml
 * # dev.yaml                              # prod.yaml
 * kind: Namespace                         kind: Namespace
 * metadata:                               metadata:
 *   name: shop                              name: shop
 *   labels:                                 labels:
 *     istio.io/dataplane-mode: ambient        istio.io/dataplane-mode: none
 * ```
 *
 * An ALLOW policy in `shop` has a rule with HTTP methods. With `dev.yaml` ztunnel drops the rule;
 * with `prod.yaml` there is no ztunnel. `l7-allow-rule-dropped` is therefore not reported. If
 * `prod.yaml` also says `ambient` and has another label, it holds in both variants and is reported.
 *
 * The findings come from the *merged mesh*, in which all variants exist at once (`runRules`). For each
 * rule that found something there,
 *
 * 1. `evaluate.ts` runs the rule in a mesh with one variant of each object, and lists the objects
 *    with variants that the rule read. None: the findings hold, and this is the usual case.
 * 2. `enumerate.ts` lists the other combinations of these variants.
 * 3. `intersect.ts` keeps the findings that are in all of them.
 *
 * If this takes too many steps, the only finding says so: the steps of all these meshes are counted
 * together.
 *
 * A variant itself is checked in the meshes in which it is the only definition. Installs that
 * disagree are variants too (docs/knowledge.md §6, §7).
 */
export const confirmedFindings = query(
  'confirmed findings',
  (mesh, subject: Resource): readonly Finding[] => {
    try {
      return mesh.work.bounded(() => findingsInAllVariants(mesh, subject))
    } catch (error) {
      if (error instanceof TooMuchWork) return [stoppedFinding(mesh, subject)]
      throw error
    }
  },
  { lazy: true },
)

function findingsInAllVariants(mesh: Mesh, subject: Resource): readonly Finding[] {
  const merged = runRules(mesh, subject)
  const alternatives = alternativesOf(mesh)
  const evaluator = alternatives.none ? undefined : new VariantEvaluator(alternatives, subject)
  if (!evaluator) return merged
  const candidates = isAboutVariant(alternatives, subject)
    ? findingsOfVariant(evaluator, merged)
    : merged
  return [...groupBy(candidates, ({ rule }) => rule)].flatMap(([rule, findings]) => {
    const ruleQuery = RULE_QUERIES.get(rule)
    return ruleQuery ? confirm(evaluator, ruleQuery, { findings, merged }) : findings
  })
}

/** The findings that the rule has in every variant, in words that hold in all of them. */
function confirm(
  evaluator: VariantEvaluator,
  ruleQuery: RuleQuery,
  { findings, merged }: Readonly<Record<'findings' | 'merged', readonly Finding[]>>,
): readonly Finding[] {
  const evaluations = evaluator.evaluations(ruleQuery)
  const first = evaluations.next()
  if (first.done === true || first.value.disputes.length === 0) return findings
  const intersection = new FindingIntersection(
    findings.map((finding) => ({
      finding,
      merged: merged.find((other) => other.rule === finding.rule && isSamePlace(other, finding)),
    })),
  )
  intersection.add(first.value.findings)
  while (!intersection.isEmpty) {
    const next = evaluations.next()
    if (next.done === true) break
    intersection.add(next.value.findings)
  }
  return intersection.result()
}

/**
 * The merged mesh shows less about a variant than one of its own meshes does, so the candidates
 * come from there. Only `duplicate-definition` is about the variants as such.
 */
function findingsOfVariant(
  evaluator: VariantEvaluator,
  merged: readonly Finding[],
): readonly Finding[] {
  return [
    ...evaluator.first(ALL_FINDINGS),
    ...merged.filter(({ rule }) => rule === duplicateDefinition.name),
  ].sort((a, b) => compareText(a.rule, b.rule))
}

/** Whether the object, or the Namespace that it is in, has variants. */
function isAboutVariant(alternatives: Alternatives, subject: Resource): boolean {
  return (
    alternatives.placeOf(subject) !== undefined ||
    alternatives.touches(keys.named('Namespace', '', subject.namespace)).length > 0
  )
}

const ALL_FINDINGS: RuleQuery = query('all findings', runRules, { lazy: true })

/**
 * A query for each rule that reads the mesh, so that variants which one rule reads do not affect
 * the others.
 */
const RULE_QUERIES: ReadonlyMap<string, MeshQuery<Resource, readonly Finding[]>> = new Map(
  ALL_RULES.filter(({ name, reads }) => reads.length > 0 && name !== duplicateDefinition.name).map(
    (rule) => [rule.name, ruleQueryOf(rule)],
  ),
)

function ruleQueryOf(rule: Rule): RuleQuery {
  return query(
    `findings of ${rule.name}`,
    (mesh: Mesh, subject: Resource) => {
      try {
        return runRule(rule, subject, mesh)
      } catch (error) {
        if (error instanceof TooMuchWork) throw error
        return runRules(mesh, subject).filter((finding) => finding.rule === INTERNAL_ERROR)
      }
    },
    { lazy: true },
  )
}
