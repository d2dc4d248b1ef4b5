import { stringOfUnits } from './packedNumbers.js'

const UNIT = 128

/** Whole numbers on their way into a string, of which a number from -64 to 63 takes one byte. They can only be read all together. */
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

/** The numbers that were packed into a string. */
export function unpacked(text: string): number[] {
  const numbers: number[] = []
  let value = 0
  let weight = 1
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    value += (unit % UNIT) * weight
    weight *= UNIT
    if (unit >= UNIT) continue
    numbers.push(value % 2 === 0 ? value / 2 : -(value + 1) / 2)
    value = 0
    weight = 1
  }
  return numbers
}
