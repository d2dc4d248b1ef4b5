const LARGEST_UNIT = 0xffff
const CHUNK = 8_192

/**
 * Whole numbers from -1 up to 2^32 - 2, kept as the code units of a string: of many short lists, as every document has, that takes a fraction of the room of
 * arrays.
 */
export class PackedNumbers {
  readonly #units: string
  /** Code units of one number. */
  readonly #width: 1 | 2

  constructor(numbers: readonly number[]) {
    this.#width = numbers.some((number) => number >= LARGEST_UNIT) ? 2 : 1
    const units =
      this.#width === 1
        ? numbers.map((number) => number + 1)
        : numbers.flatMap((number) => [(number + 1) >>> 16, (number + 1) & LARGEST_UNIT])
    this.#units = stringOfUnits(units)
  }

  get length(): number {
    return this.#units.length / this.#width
  }

  equals(other: PackedNumbers): boolean {
    return this.#width === other.#width && this.#units === other.#units
  }

  /** Undefined behind the end. */
  at(index: number): number | undefined {
    const number =
      this.#width === 1
        ? this.#units.charCodeAt(index)
        : this.#units.charCodeAt(index * 2) * (LARGEST_UNIT + 1) +
          this.#units.charCodeAt(index * 2 + 1)
    return Number.isNaN(number) ? undefined : number - 1
  }
}

/** A string of code units, however many they are. */
export function stringOfUnits(units: readonly number[]): string {
  if (units.length <= CHUNK) return String.fromCharCode(...units)
  const chunks: string[] = []
  for (let from = 0; from < units.length; from += CHUNK)
    chunks.push(String.fromCharCode(...units.slice(from, from + CHUNK)))
  return chunks.join('')
}
