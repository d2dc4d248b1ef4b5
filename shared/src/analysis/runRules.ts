import { assumedRevision, isRead, isRejectedIn } from '../mesh/discovery.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import type { Finding } from '../rules/finding.js'
import { RULES_BY_SUBJECT } from '../rules/catalogue.js'
import { compact } from '../text/collections.js'
import { toFinding, type Rule, type RuleContext } from '../rules/rule.js'

export const INTERNAL_ERROR = 'internal-error'

/**
 * The findings of all rules about one object. A rule that throws becomes a finding itself, instead
 * of its findings.
 */
export function runRules(mesh: Mesh, subject: Resource): readonly Finding[] {
  const findings: Finding[] = []
  let running: Rule | undefined
  const isUnread = isRejectedIn(mesh, subject) || !isRead(mesh, subject)
  const revision = assumedRevision(mesh, subject)
  const context: RuleContext = {
    mesh,
    report: (given) => {
      if (!running) return
      const isAboutText = running.checksRejected === true || revision.level === 'certain'
      const certainties = [...(given.certainties ?? []), revision]
      findings.push(toFinding(running, subject, isAboutText ? given : { ...given, certainties }))
    },
  }
  for (const rule of RULES_BY_SUBJECT.get(subject.type) ?? []) {
    if (isUnread && rule.checksRejected !== true) continue
    running = rule
    const before = findings.length
    try {
      rule.check(subject, context)
    } catch (error) {
      findings.splice(before, findings.length, crashFinding(rule, subject, error))
    }
  }
  return compact(findings)
}

function crashFinding(rule: Rule, subject: Resource, error: unknown): Finding {
  return {
    rule: INTERNAL_ERROR,
    level: 'warning',
    message: `Rule ${rule.name} failed on this object: ${error instanceof Error ? error.message : String(error)}`,
    place: { kind: 'field', resource: subject, path: [], on: 'key' },
    related: [],
    assumptions: [],
    fixes: [],
    tag: undefined,
  }
}
