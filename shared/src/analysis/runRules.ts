import { TooMuchWork } from '../inventory/countedWork.js'
import { widestKeys } from '../inventory/indexKeys.js'
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
      if (error instanceof TooMuchWork) throw error
      // A fact that throws is not remembered, and neither is what it has read.
      mesh.dependOn(widestKeys(rule.reads))
      findings.splice(before, findings.length, crashFinding(rule, subject, error))
    }
  }
  return compact(findings)
}

function crashFinding(rule: Rule, subject: Resource, error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error)
  return internalError(subject, `Rule ${rule.name} failed on this object: ${reason}`)
}

/** The finding about an object whose evaluation was stopped, instead of its findings. */
export function stoppedFinding(mesh: Mesh, subject: Resource): Finding {
  const rules = RULES_BY_SUBJECT.get(subject.type) ?? []
  mesh.dependOn(widestKeys(['disputes', ...new Set(rules.flatMap(({ reads }) => reads))]))
  return internalError(
    subject,
    `This object is not evaluated: that takes more than ${mesh.work.limit} steps. Other objects are not affected.`,
  )
}

function internalError(subject: Resource, message: string): Finding {
  return {
    rule: INTERNAL_ERROR,
    level: 'warning',
    message,
    place: { kind: 'field', resource: subject, path: [], on: 'key' },
    related: [],
    assumptions: [],
    fixes: [],
    tag: undefined,
  }
}
