import type { Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import type { Finding } from '../rules/finding.js'
import { RULES_BY_SUBJECT } from '../rules/catalogue.js'
import { toFinding, type Rule, type RuleContext } from '../rules/rule.js'
import { compact } from '../text/collections.js'

export const INTERNAL_ERROR = 'internal-error'

/** All findings about one object, from every rule that speaks of its kind. A rule that crashes becomes a finding itself, in place of what it said. */
export function judge(mesh: Mesh, subject: Resource): readonly Finding[] {
  const findings: Finding[] = []
  let running: Rule | undefined
  const context: RuleContext = {
    mesh,
    report: (given) => {
      if (running) findings.push(toFinding(running, subject, given))
    },
  }
  for (const rule of RULES_BY_SUBJECT.get(subject.type) ?? []) {
    running = rule
    const before = findings.length
    try {
      rule.check(subject, context)
    } catch (error) {
      findings.splice(before, findings.length, failure(rule, subject, error))
    }
  }
  // Kept for every object, so no longer than it is.
  return compact(findings)
}

function failure(rule: Rule, subject: Resource, error: unknown): Finding {
  return {
    rule: INTERNAL_ERROR,
    level: 'warning',
    message: `The rule ${rule.name} failed on this object: ${error instanceof Error ? error.message : String(error)}`,
    place: { kind: 'field', resource: subject, path: [], on: 'key' },
    related: [],
    assumptions: [],
    fixes: [],
    tag: undefined,
  }
}
