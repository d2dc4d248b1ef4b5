import { pathText } from '../../resources/validation/problem.js'
import { canTargetRoutes, unknownFields } from '../../mesh/discovery.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import type { DecodeProblem, Repair } from '../../resources/objectReader.js'
import { VALIDATED_KINDS } from '../../resources/rejected.js'
import type { Resource } from '../../resources/resource.js'
import type { Edit, Fix } from '../fix.js'
import type { FieldPath } from '../../yaml/node.js'
import { defineRule } from '../rule.js'

/**
 * The only rule whose rejections are not reported here. Other rules that explain a rejection, such as
 * `target-namespace-set`, report it in addition, so that this rule finds everything that the API server
 * rejects.
 */
const REPORTED_ELSEWHERE = 'selector-and-target-refs'

export const invalidResource = defineRule({
  name: 'invalid-resource',
  level: 'error',
  subjects: VALIDATED_KINDS,
  reads: ['MeshConfig'],
  checksRejected: true,
  check(subject, { mesh, report }) {
    for (const path of unknownFields(mesh, subject))
      report({
        message: `${pathText(path)}: Istio ${mesh.settings.istioVersion} does not have this ${isConditionKey(path) ? 'attribute' : 'field'}.`,
        path,
        on: isConditionKey(path) ? 'value' : 'key',
      })
    for (const problem of subject.problems) {
      if (problem.rule === REPORTED_ELSEWHERE) continue
      if (problem.needs !== undefined && canTargetRoutes(mesh)) continue
      report({
        message: problem.message,
        path: problem.path,
        on: problem.on ?? 'value',
        fixes: () => fixesOf(subject, problem),
      })
    }
  },
})

const isConditionKey = (path: FieldPath): boolean => path.includes('when')

function fixesOf(resource: Resource, { path, repair }: DecodeProblem): Fix[] {
  if (!repair) return []
  const set = (value: string): Edit => ({ op: 'set', resource, path, value })
  const fix = (title: string, edit: Edit, safe = false): Fix[] => [
    { title, activates: 'policy', preferred: true, safe, edits: [edit] },
  ]
  switch (repair.kind) {
    // Safe: the value stays the same.
    case 'quote':
      return fix(`Write "${repair.text}" in quotes`, set(repair.text), true)
    case 'replace':
      return fix(`Change to ${repair.value}`, set(repair.value))
    case 'rename-key': {
      const to = nearMiss(String(path.at(-1)), repair.among)
      return to === undefined ? [] : fix(`Rename to ${to}`, { op: 'rename', resource, path, to })
    }
    case 'choose-value': {
      const to = likelyValue(repair)
      return to === undefined ? [] : fix(`Change to ${to}`, set(to))
    }
  }
}

/** The allowed value that is most similar to the written one. */
function likelyValue({
  written,
  among,
}: Extract<Repair, { kind: 'choose-value' }>): string | undefined {
  const upper = written.toUpperCase()
  return among.find((value) => value === upper) ?? nearMiss(upper, among)
}
