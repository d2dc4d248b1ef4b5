const LARGEST_UNIT = 0xffff
const CHUNK = 8_192

/**
 * Whole numbers from -1 to 2^32 - 2, stored as the code units of a string. For the many short lists
 * of each document that needs a fraction of the memory of arrays.
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

  /** Undefined after the end. */
  at(index: number): number | undefined {
    const number =
      this.#width === 1
        ? this.#units.charCodeAt(index)
        : this.#units.charCodeAt(index * 2) * (LARGEST_UNIT + 1) +
          this.#units.charCodeAt(index * 2 + 1)
    return Number.isNaN(number) ? undefined : number - 1
  }
}

/** A string of any number of code units. */
export function stringOfUnits(units: readonly number[]): string {
  if (units.length <= CHUNK) return String.fromCharCode(...units)
  const chunks: string[] = []
  for (let from = 0; from < units.length; from += CHUNK)
    chunks.push(String.fromCharCode(...units.slice(from, from + CHUNK)))
  return chunks.join('')
}
