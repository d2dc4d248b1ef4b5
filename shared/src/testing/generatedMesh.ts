import type { Files } from './checkFiles.js'
import type { Manifest } from './generated/values.js'

export { egressManifests, egressQuestions } from './generated/egress.js'
export { manifests } from './generated/manifests.js'
export { questions, variedManifests, variedQuestions } from './generated/requests.js'
export type { Manifest } from './generated/values.js'

/** Objects as files, `perFile` in each. */
export function toFiles(objects: readonly Manifest[], perFile = 100): Files {
  const count = Math.ceil(objects.length / perFile)
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `file-${index}.yaml`,
      objects
        .slice(index * perFile, (index + 1) * perFile)
        .map(toYaml)
        .join('\n---\n'),
    ]),
  )
}

/** A line for each field, as in most manifests: the quick reader of YAML reads it, and does not read JSON. */
function toYaml(object: Manifest): string {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value, undefined, 1).replace(/\n */g, '')}`)
    .join('\n')
}

/**
 * Lists whose order does not matter: the lists of rules and the ports of a Service, but not
 * targetRefs, whose order is the order in a status.
 */
const UNORDERED = new Set([
  'rules',
  'from',
  'to',
  'when',
  'ports',
  'hosts',
  'jwtRules',
  'values',
  'notValues',
])

/** The same objects in another order, with such lists in another order. */
export function shuffled(objects: readonly Manifest[], seed: number): readonly Manifest[] {
  let state = seed >>> 0
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const order = <T>(list: readonly T[]): T[] => {
    const rest = [...list]
    return list.flatMap(() => rest.splice(random(rest.length), 1))
  }
  const inside = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((item: unknown) => inside(item, ''))
      return UNORDERED.has(name) || items.every((item) => typeof item === 'string')
        ? order(items)
        : items
    }
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      order(Object.entries(value)).map(([key, item]) => [key, inside(item, key)]),
    )
  }
  return order(objects).map((object) => ({ ...object, spec: inside(object.spec, 'spec') }))
}
