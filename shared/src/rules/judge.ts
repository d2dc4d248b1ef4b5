import { query } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import type { Finding } from './finding.js'
import { RULES } from './registry.js'
import { runRule } from './rule.js'

export const INTERNAL_ERROR = 'internal-error'

/** All findings about one object, from every rule that speaks of its kind. A rule that crashes becomes a finding itself. */
export const judge = query('judge', (mesh, resource: Resource): readonly Finding[] => {
  return (RULES.get(resource.type) ?? []).flatMap((rule) => {
    try {
      return runRule(rule, resource, mesh)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return [{
        rule: INTERNAL_ERROR,
        level: 'warning' as const,
        message: `The rule ${rule.name} failed on this object: ${message}`,
        place: { resource, path: [], on: 'key' as const },
        related: [],
        assumptions: [],
        fixes: [],
        tag: undefined,
      }]
    }
  })
})
