import type { YamlEntry, YamlNode, YamlScalar } from '../../yaml/node.js'

/** JSON as `kubectl` sends it. */
type ApiValue =
  | string
  | number
  | boolean
  | null
  | readonly ApiValue[]
  | { readonly [key: string]: ApiValue }

/** `yes` or `off`. */
const LONGEST_WORD = 3

/**
 * The value of a scalar as the API server receives it. `kubectl` reads YAML 1.1 (sigs.k8s.io/yaml,
 * goyaml.v2 `resolve.go`), in which more plain words have a type than in YAML 1.2: `yes`, `on`,
 * `n`, `0b11`, `1_000`.
 */
export function apiScalar({ value, text, quoted }: YamlScalar): string | number | boolean | null {
  if (quoted || typeof value !== 'string') return value
  if (text.length <= LONGEST_WORD && isOneCase(text)) {
    if (/^(?:y|yes|on)$/i.test(text)) return true
    if (/^(?:n|no|off)$/i.test(text)) return false
  }
  return olderNumber(text) ?? value
}

/** `yes`, `Yes` and `YES`, but not `yEs`. */
function isOneCase(text: string): boolean {
  return text.slice(1) === text.slice(1).toLowerCase() || text === text.toUpperCase()
}

/** Go's `strconv.ParseInt(text, 0, 64)` for the forms that YAML 1.2 reads as strings. */
function olderNumber(text: string): number | undefined {
  // Plain digits are a number in YAML 1.2 too: if they are a string here, the text has a tag `!!str`.
  if (!/^[-+]?\d/.test(text) || /^[-+]?\d+$/.test(text)) return undefined
  const plain = text.replaceAll('_', '')
  const [, sign = '', digits = ''] =
    /^([-+]?)(0b[01]+|0o?[0-7]+|0x[0-9a-f]+|[1-9]\d*)$/i.exec(plain) ?? []
  if (digits === '') return undefined
  const value = Number(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits)
  return sign === '-' ? -value : value
}

/**
 * The key of a field as the API server receives it. A plain number is written as a decimal number
 * (`0x50:` is `80`).
 */
export function apiKey({ key, keySpan }: YamlEntry): string {
  const isPlain = keySpan.end - keySpan.start === key.length
  if (!isPlain || !/^[-+.]?\d/.test(key)) return key
  const number =
    olderNumber(key) ??
    (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i.test(key) ? Number(key) : undefined)
  return number === undefined ? key : String(number)
}

/**
 * An object as the API server receives it. Keys become own properties only, `__proto__` included.
 */
export function apiValue(node: YamlNode): ApiValue {
  switch (node.type) {
    case 'scalar':
      return apiScalar(node)
    case 'seq':
      return node.items.map(apiValue)
    case 'map': {
      const object: Record<string, ApiValue> = {}
      for (const entry of node.entries) {
        const key = wellFormed(entry.key)
        if (key === '__proto__')
          Object.defineProperty(object, key, {
            value: apiValue(entry.value),
            enumerable: true,
            configurable: true,
            writable: true,
          })
        else object[key] = apiValue(entry.value)
      }
      return object
    }
  }
}

/** JSON text cannot contain a single surrogate. */
function wellFormed(key: string): string {
  return /[\ud800-\udfff]/.test(key) ? key.replace(/\p{Surrogate}/gu, '\ufffd') : key
}

/** The name of a type in messages of the API server. */
export function typeName(value: ApiValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}
