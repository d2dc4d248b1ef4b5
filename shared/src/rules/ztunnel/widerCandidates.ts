import type { InventoryKey } from '../../inventory/indexKeys.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy, Rule } from '../../resources/authorizationPolicy.js'
import { addToGroup, NONE } from '../../text/collections.js'
import { sourcesOf } from '../support/wider.js'

/** The policies under one key of the inventory, by a value that a narrower rule must have. */
interface ByAnchor {
  /** `attribute value` → positions in `policies`. */
  readonly positions: ReadonlyMap<string, readonly number[]>
  /** The positions of policies that can be wider than a rule with other values. */
  readonly always: readonly number[]
}

/**
 * The policies under a key that can be wider than a policy, in the order of the files. A rule is wider only
 * than rules that have one of its values, so that most policies need no comparison.
 */
export function widerCandidates(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  key: InventoryKey<'AuthorizationPolicy'>,
): readonly AuthorizationPolicy[] {
  const listed = mesh.at('AuthorizationPolicy', key)
  const [rule] = policy.rules
  if (!rule || listed.length < 2) return listed
  const { positions, always } = mesh.get(byAnchor, key)
  const found = new Set(always)
  for (const anchor of anchorsOf(rule, policy.namespace))
    for (const position of positions.get(anchor) ?? NONE) found.add(position)
  return [...found].sort((a, b) => a - b).flatMap((position) => listed[position] ?? [])
}

const byAnchor = query(
  'policies by anchor',
  (mesh, key: InventoryKey<'AuthorizationPolicy'>): ByAnchor => {
    const positions = new Map<string, number[]>()
    const always: number[] = []
    for (const [position, { rules, namespace }] of mesh.at('AuthorizationPolicy', key).entries()) {
      const needed = rules.map((rule) => neededValues(rule, namespace))
      if (needed.some((values) => values === undefined)) always.push(position)
      else
        for (const value of new Set(needed.flatMap((values) => values ?? [])))
          addToGroup(positions, value, position)
    }
    return { positions, always }
  },
)

/**
 * Values of which each narrower rule has one as the first value of a source. Undefined where a narrower rule
 * can have other values.
 */
function neededValues(rule: Rule, namespace: string): readonly string[] | undefined {
  const sources = sourcesOf({ rule, namespace })
  if (sources.length === 0) return undefined
  const values: string[] = []
  for (const source of sources) {
    const exact = EXACT_SOURCES.find((name) => source[name]?.every(isExact) === true)
    if (exact === undefined) return undefined
    for (const value of source[exact] ?? []) values.push(`${exact} ${value}`)
  }
  return values
}

/** The first value of each attribute of the first source, which every wider rule must have too. */
function anchorsOf(rule: Rule, namespace: string): readonly string[] {
  const [source] = sourcesOf({ rule, namespace })
  return EXACT_SOURCES.flatMap((name) => {
    const [first] = source?.[name] ?? NONE
    return first === undefined ? [] : [`${name} ${first}`]
  })
}

/**
 * Attributes of a source for which a narrower rule needs the same attribute. `namespaces` is none: accounts
 * are in a namespace too.
 */
const EXACT_SOURCES = ['principals', 'serviceAccounts']

function isExact(value: string): boolean {
  return !value.includes('*') && !value.includes('{')
}
