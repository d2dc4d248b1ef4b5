import { stringOfUnits } from './packedNumbers.js'

const UNIT = 128

/**
 * Packs whole numbers into a string. A number from -64 to 63 takes one byte. The numbers can only
 * be read in order.
 */
export class SmallNumbers {
  readonly #units: number[] = []

  push(number: number): void {
    let rest = number < 0 ? -2 * number - 1 : 2 * number
    while (rest >= UNIT) {
      this.#units.push(UNIT + (rest % UNIT))
      rest = Math.floor(rest / UNIT)
    }
    this.#units.push(rest)
  }

  packed(): string {
    return stringOfUnits(this.#units)
  }
}

/** Reads packed numbers in order. */
export class SmallNumberReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get hasMore(): boolean {
    return this.#at < this.#text.length
  }

  /** 0 after the end. */
  next(): number {
    let value = 0
    for (let weight = 1; this.hasMore; weight *= UNIT) {
      const unit = this.#text.charCodeAt(this.#at++)
      value += (unit % UNIT) * weight
      if (unit < UNIT) break
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}
