import { stringOfUnits } from './packedNumbers.js'

const UNIT = 128

/** Whole numbers in a string, of which a number from -64 to 63 takes one byte. They can only be read all together. */
export function packed(numbers: readonly number[]): string {
  const units: number[] = []
  for (const number of numbers) {
    let rest = number < 0 ? -2 * number - 1 : 2 * number
    while (rest >= UNIT) {
      units.push(UNIT + (rest % UNIT))
      rest = Math.floor(rest / UNIT)
    }
    units.push(rest)
  }
  return stringOfUnits(units)
}

/** The numbers that a string was packed from. */
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
