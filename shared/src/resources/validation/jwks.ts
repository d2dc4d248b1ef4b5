import { shortened } from './problem.js'
import type { ValueCheck } from './values.js'

/**
 * The fields that a key must have, by its type. With `d` it is a private key (lestrrat-go/jwx
 * `jwk.ParseKey`).
 */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ['RSA', ['e', 'n']],
  ['EC', ['crv', 'x', 'y']],
  ['OKP', ['crv', 'x']],
  ['oct', ['k']],
])
const IN_BASE64 = ['e', 'n', 'x', 'y', 'k', 'd']

/** A JSON Web Key Set, or a single key, as istiod parses it. */
export const checkJwks: ValueCheck = (value) => {
  if (value === '') return undefined
  const set = parseJson(value)
  if (!isRecord(set)) return 'jwks parse error: this is not a JSON object.'
  if (!Object.hasOwn(set, 'keys')) return prefixed(checkKey(set), '')
  const { keys } = set
  if (keys === null) return undefined
  if (!Array.isArray(keys)) return 'jwks parse error: "keys" must be a list.'
  for (const [index, key] of keys.entries()) {
    const words = prefixed(
      isRecord(key) ? checkKey(key) : 'it is not a JSON object',
      `key #${String(index)}: `,
    )
    if (words !== undefined) return words
  }
  return undefined
}

function prefixed(words: string | undefined, prefix: string): string | undefined {
  return words === undefined ? undefined : `jwks parse error: ${prefix}${words}.`
}

function checkKey(key: Readonly<Record<string, unknown>>): string | undefined {
  const { kty } = key
  const required = typeof kty === 'string' ? REQUIRED.get(kty) : undefined
  if (!required)
    return `invalid key type "${shortened(typeof kty === 'string' ? kty : '')}", it must be RSA, EC, OKP or oct`
  const missing = required.find((name) => !Object.hasOwn(key, name))
  if (missing !== undefined) return `required field ${missing} is missing`
  const broken = [...required, 'd'].find(
    (name) => Object.hasOwn(key, name) && !isFieldValue(name, key[name]),
  )
  return broken === undefined
    ? undefined
    : `field ${broken} is not ${IN_BASE64.includes(broken) ? 'base64' : 'a string'}`
}

function isFieldValue(name: string, value: unknown): boolean {
  if (value === null) return true
  return (
    typeof value === 'string' &&
    (!IN_BASE64.includes(name) || /^(?:[\w-]*|[A-Za-z0-9+/]*)={0,2}$/.test(value))
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
