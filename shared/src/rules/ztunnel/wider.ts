import type { Condition, Operation, Rule, Source } from '../../resources/authorizationPolicy.js'
import { contains, parseCidr } from '../../text/ip.js'

/** Lists of values by attribute, without those that are empty. */
type Entry = Readonly<Record<string, readonly string[]>>

/**
 * Whether a rule surely matches all that another does, wherever both are enforced. False where that would need more than a look at each attribute.
 *
 * @param namespace of the policy, in which accounts without one lie.
 */
export function isWider(wide: Rule, narrow: Rule, namespace: string): boolean {
  const covers = (all: readonly Entry[], some: readonly Entry[]): boolean =>
    all.length === 0 ||
    (some.length > 0 &&
      some.every((entry) => all.some((other) => entryCovers(other, entry, namespace))))
  const conditions = (narrow.when ?? []).map(conditionEntry)
  return (
    covers(entriesOf(wide.from), entriesOf(narrow.from)) &&
    covers(entriesOf(wide.to), entriesOf(narrow.to)) &&
    (wide.when ?? []).every((condition) =>
      conditions.some((other) => entryCovers(conditionEntry(condition), other, namespace)),
    )
  )
}

function entriesOf(
  given: readonly (Source | Operation | undefined)[] | undefined,
): readonly Entry[] {
  return (given ?? []).map((entry) => entry ?? {})
}

/** A condition as an entry of two attributes, its key and `not` its key. */
function conditionEntry({ key, values, notValues }: Condition): Entry {
  return {
    ...(values.length > 0 ? { [key]: values } : {}),
    ...(notValues.length > 0 ? { [`not ${key}`]: notValues } : {}),
  }
}

/** Each attribute of the wide entry has to be there in the narrow one, with values that are no wider; negated ones the other way round. */
function entryCovers(wide: Entry, narrow: Entry, namespace: string): boolean {
  return Object.entries(wide).every(([name, values]) => {
    const others = narrow[name]
    if (others === undefined) return false
    const covers = (all: readonly string[], some: readonly string[]): boolean =>
      some.every((value) =>
        all.some((other) =>
          valueCovers(name, qualified(name, other, namespace), qualified(name, value, namespace)),
        ),
      )
    return name.startsWith('not') ? covers(others, values) : covers(values, others)
  })
}

function qualified(name: string, value: string, namespace: string): string {
  return /serviceAccounts?$/i.test(name) && !value.includes('/') ? `${namespace}/${value}` : value
}

const ADDRESSES = /ipBlocks$|\.ip$/i
/** Attributes in which a first or last `*` means any text, whoever enforces them. */
const PATTERNS =
  /^(not ?)?(principals|namespaces|hosts|methods|paths|source\.principal|source\.namespace|request\.headers\[.*\])$/i

function valueCovers(name: string, wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  if (ADDRESSES.test(name)) {
    const [block, inner] = [parseCidr(wide), parseCidr(narrow)]
    return (
      block !== undefined &&
      inner !== undefined &&
      block.length <= inner.length &&
      contains(block, inner)
    )
  }
  if (!PATTERNS.test(name) || wide.includes('{')) return false
  if (wide === '*') return true
  const [text, kind] = wide.endsWith('*')
    ? [wide.slice(0, -1), 'prefix']
    : wide.startsWith('*')
      ? [wide.slice(1), 'suffix']
      : [wide, 'exact']
  if (kind === 'exact' || text.includes('*') || narrow.includes('{')) return false
  return kind === 'prefix'
    ? !narrow.startsWith('*') && narrow.startsWith(text)
    : !narrow.endsWith('*') && narrow.endsWith(text)
}
