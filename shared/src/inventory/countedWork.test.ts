import { expect, it } from 'vitest'
import { CountedWork, TooMuchWork } from './countedWork.js'

function take(work: CountedWork, steps: number): number {
  for (let step = 0; step < steps; step++) work.step()
  return steps
}

it('stops work at its limit, and bounds nothing outside of it', () => {
  const work = new CountedWork(3)
  expect(work.bounded(() => take(work, 3))).toBe(3)
  expect(() => work.bounded(() => take(work, 4))).toThrow(TooMuchWork)
  expect(take(work, 10)).toBe(10)
  expect(work.bounded(() => take(work, 3))).toBe(3)
})
