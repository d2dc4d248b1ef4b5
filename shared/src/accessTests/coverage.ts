import type { Mesh } from '../mesh/mesh.js'
import { qualifiedName, type ResourceOf } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'
import type { TestResult } from './testResult.js'

/** A part of an AuthorizationPolicy that can decide a request. */
export interface Clause {
  readonly policy: ResourceOf<'AuthorizationPolicy'>
  /** Index of the rule; null for an ALLOW policy without a matching rule. */
  readonly rule: number | null
  readonly path: FieldPath
  /** The names of the cases that it decides. */
  readonly cases: readonly string[]
}

export interface Coverage {
  readonly clauses: readonly Clause[]
  /** 0 to 100; 100 without clauses. */
  readonly percent: number
}

/** Which clauses decide a request of a case. Rules over all requests do not count. */
export function coverageOf(mesh: Mesh, results: readonly TestResult[]): Coverage {
  const cases = new Map<string, Set<string>>()
  const add = (policy: string, rule: number | null, name: string): void => {
    const key = clauseKey(policy, rule)
    cases.set(key, (cases.get(key) ?? new Set()).add(name))
  }
  for (const { test, answers } of results)
    for (const { verdict, hops } of answers)
      for (const hop of hops.filter((each) => each.verdict === verdict)) {
        if (hop.policy !== null) add(hop.policy, hop.rule, test.name)
        for (const policy of hop.evidence) add(policy, null, test.name)
      }
  const clauses = mesh.all('AuthorizationPolicy').flatMap((policy): Clause[] => {
    const clause = (rule: number | null, path: FieldPath): Clause => ({
      policy,
      rule,
      path,
      cases: [...(cases.get(clauseKey(qualifiedName(policy), rule)) ?? [])],
    })
    return [
      ...policy.rules.map((_, index) => clause(index, ['spec', 'rules', index])),
      ...(policy.action === 'ALLOW' ? [clause(null, ['metadata', 'name'])] : []),
    ]
  })
  const covered = clauses.filter((clause) => clause.cases.length > 0).length
  return {
    clauses,
    percent: clauses.length === 0 ? 100 : Math.floor((covered / clauses.length) * 100),
  }
}

function clauseKey(policy: string, rule: number | null): string {
  return `${policy} ${String(rule)}`
}
