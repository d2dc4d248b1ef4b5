import { ATTRIBUTE_NAMES, factsOf, type AttributeName } from './attributes.js'

/** What a `when` key names. */
export interface AttributeKey {
  readonly attribute: AttributeName
  /** The names in its brackets: `['x-env']` of `request.headers[x-env]`. Empty for a key without. */
  readonly entry: readonly string[]
}

/** A key that has brackets. */
interface BracketKey {
  readonly attribute: AttributeName
  /** What such a key starts with: `request.headers`. */
  readonly start: string
  readonly pattern: RegExp
  /** Whether it can have several brackets, a name within a name: `request.auth.claims[realm][role]`. */
  readonly isNested: boolean
}

const KEYS = ATTRIBUTE_NAMES.flatMap((attribute) => {
  const { when } = factsOf(attribute)
  return when ? [{ attribute, form: when.key }] : []
})
/** No header or claim has a longer name. */
const MAX_LENGTH = 2048
const PLAIN: ReadonlyMap<string, AttributeKey> = new Map(
  KEYS.filter(({ form }) => !form.endsWith(']')).map(({ form, attribute }) => [
    form,
    { attribute, entry: [] },
  ]),
)
const WITH_BRACKETS: readonly BracketKey[] = KEYS.filter(({ form }) => form.endsWith(']')).map(
  ({ attribute, form }) => {
    const isNested = form.endsWith('[…][…]')
    const before = form.slice(0, form.indexOf('['))
    const fixed = before.replaceAll('.', '\\.').replaceAll('*', '.*')
    const names = isNested ? '[^\\]]+(?:\\]\\[[^\\]]+)*' : '.+'
    return {
      attribute,
      isNested,
      start: before.replace('*', ''),
      pattern: new RegExp(`^${fixed}\\[(${names})\\]$`),
    }
  },
)

/** What a `when` key names. Undefined for a key that Istio does not know. */
export function attributeOfKey(key: string): AttributeKey | undefined {
  if (key.length > MAX_LENGTH) return undefined
  const plain = PLAIN.get(key)
  if (plain) return plain
  for (const { attribute, pattern, isNested } of WITH_BRACKETS) {
    const names = pattern.exec(key)?.[1]
    if (names !== undefined) return { attribute, entry: isNested ? names.split('][') : [names] }
  }
  return undefined
}

/** Whether a key starts like one that needs a name in brackets, with or without the brackets. */
export function startsLikeBracketKey(key: string): boolean {
  return WITH_BRACKETS.some(({ start }) => key.startsWith(start))
}
