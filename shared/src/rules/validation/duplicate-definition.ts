import { keys } from '../../inventory/indexKeys.js'
import type { Evidence } from '../../mesh/certainty.js'
import { qualifiedName } from '../../resources/resource.js'
import { defineRule } from '../rule.js'
import { quoted } from '../support/words.js'
import { DUPLICATE_KINDS, duplicatesOf, othersOf, type Duplicate } from './duplicates.js'

export const duplicateDefinition = defineRule({
  name: 'duplicate-definition',
  level: 'information',
  subjects: DUPLICATE_KINDS,
  reads: [...DUPLICATE_KINDS, 'MeshConfig' as const].sort(),
  check(subject, { mesh, report }) {
    if (subject.namespaceSource === 'unnamed' || subject.name === '' || !mesh.isContested(subject))
      return
    const definitions = mesh.at(
      subject.type,
      keys.named(subject.type, subject.namespace, subject.name),
    )
    if (definitions.length < 2 || definitions[0] !== subject) return
    const others = othersOf(definitions)
    if (others.length === 0) return
    const [first = subject, ...more] = mesh.followedBy(duplicatesOf).groupOf(subject)
    if (first !== subject) return
    report({
      message: messageFor(subject, more.length, others.length),
      path: ['metadata', 'name'],
      related: relatedDefinitions(subject, others, more),
    })
  },
})

function messageFor({ type }: Duplicate, more: number, others: number): string {
  if (more > 0)
    return (
      `This ${type} and ${String(more)} more object${more === 1 ? '' : 's'} have several different ` +
      'definitions: these files do not show which are in the cluster.'
    )
  const count = others === 1 ? 'another definition' : `${String(others)} other definitions`
  return (
    `This ${type} has ${count} with different content: these files do not ` +
    'show which one is in the cluster.'
  )
}

/** Related places that one finding names at most. */
const MAX_RELATED = 8

function relatedDefinitions(
  subject: Duplicate,
  others: readonly Duplicate[],
  more: readonly Duplicate[],
): Evidence[] {
  return [
    ...others.map((other) => ({
      resource: other,
      path: ['metadata', 'name'],
      message: `Another definition of ${quoted(qualifiedName(subject))}.`,
    })),
    ...more.map((other) => ({
      resource: other,
      path: ['metadata', 'name'],
      message: `${quoted(qualifiedName(other))} has several definitions too.`,
    })),
  ].slice(0, MAX_RELATED)
}
