import type { ValueCheck } from './values.js'

const NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['µs', 1000n],
  ['μs', 1000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
])
const UNITS = [...NANOSECONDS.keys()].join('|')
const DURATION = new RegExp(String.raw`^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:${UNITS}))+$`)
const PART = new RegExp(String.raw`(\d*)(?:\.(\d*))?(${UNITS})`, 'g')
const MILLISECOND = 1_000_000n
/** Longer durations are not calculated. */
const MAX_LENGTH = 100

/** `duration(self) >= duration('1ms')` and `agent.ValidateDuration`. */
export const checkDuration: ValueCheck = (value) => {
  const duration = parseDuration(value)
  if (duration === undefined || duration < MILLISECOND)
    return 'must be a valid duration greater than 1ms.'
  return duration % MILLISECOND === 0n ? undefined : 'only durations to ms precision are supported.'
}

/** Go's `time.ParseDuration`, in nanoseconds; undefined if it fails. */
export function parseDuration(text: string): bigint | undefined {
  const unsigned = text.replace(/^[-+]/, '')
  if (unsigned === '0') return 0n
  if (unsigned.length > MAX_LENGTH) return undefined
  if (!DURATION.test(unsigned)) return undefined
  let sum = 0n
  for (const [, whole = '', fraction = '', unit = ''] of unsigned.matchAll(PART)) {
    const size = NANOSECONDS.get(unit) ?? 0n
    sum +=
      BigInt(whole === '' ? '0' : whole) * size +
      (BigInt(fraction === '' ? '0' : fraction) * size) / 10n ** BigInt(fraction.length)
  }
  if (sum >= 1n << 63n) return undefined
  return text.startsWith('-') ? -sum : sum
}
