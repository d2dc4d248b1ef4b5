import { nearMiss } from '../../mesh/nearMiss.js'
import type { DecodeProblem, Repair } from '../../resources/objectReader.js'
import type { Resource } from '../../resources/resource.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'

/**
 * The rule that alone says of an object that it is refused. Rules that tell more of a refusal, such as `target-namespace-set`, stand beside this one:
 * whoever looks for what the API server refuses finds all of it here.
 */
const REPORTED_ELSEWHERE = 'selector-and-target-refs'

export const invalidResource = defineRule({
  name: 'invalid-resource',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'Gateway', 'PeerAuthentication', 'RequestAuthentication'],
  reads: [],
  check(subject, { report }) {
    for (const problem of subject.problems) {
      if (problem.rule === REPORTED_ELSEWHERE) continue
      report({
        message: problem.message,
        path: problem.path,
        on: problem.on ?? 'value',
        fixes: () => fixesOf(subject, problem),
      })
    }
  },
})

function fixesOf(resource: Resource, { path, repair }: DecodeProblem): Fix[] {
  if (!repair) return []
  const set = (value: string): Edit => ({ op: 'set', resource, path, value })
  const fix = (title: string, edit: Edit, safe = false): Fix[] => [
    { title, preferred: true, safe, edits: [edit] },
  ]
  switch (repair.kind) {
    // The value stays what it was meant to be: the policy is applied as it is written.
    case 'quote':
      return fix(`Write "${repair.text}" in quotes`, set(repair.text), true)
    case 'replace':
      return fix(`Change to ${repair.value}`, set(repair.value))
    case 'rename-key': {
      const to = nearMiss(String(path.at(-1)), repair.among)
      return to === undefined ? [] : fix(`Rename to ${to}`, { op: 'rename', resource, path, to })
    }
    case 'choose-value': {
      const to = choice(repair)
      return to === undefined ? [] : fix(`Change to ${to}`, set(to))
    }
  }
}

/** The one value that the written one was meant to be. */
function choice({ written, among }: Extract<Repair, { kind: 'choose-value' }>): string | undefined {
  const upper = written.toUpperCase()
  return among.find((value) => value === upper) ?? nearMiss(upper, among)
}
