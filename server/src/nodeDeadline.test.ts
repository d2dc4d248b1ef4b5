import { expect, it } from 'vitest'
import { TookTooLong } from './deadline.js'
import { limitOf } from './nodeDeadline.js'

const MILLISECONDS = 20

it.each([
  [
    'a loop',
    () => {
      for (;;);
    },
  ],
  [
    'a loop that catches errors',
    () => {
      for (;;)
        try {
          for (;;);
        } catch {
          continue
        }
    },
  ],
  ['a regular expression', () => /^(a+)+b$/.test('a'.repeat(60))],
  [
    'a sort',
    () =>
      Array.from({ length: 1e7 }, (_, index) => index).sort(() => {
        for (;;);
      }),
  ],
])('%s without an end is ended', (_, work) => {
  expect(() => limitOf(MILLISECONDS)<unknown>(work)).toThrow(TookTooLong)
})

it('work in a large workspace has more time', () => {
  expect(() =>
    limitOf(MILLISECONDS)<unknown>(() => {
      for (;;);
    }, 30),
  ).toThrow('The work took longer than 50 ms.')
})

it('on a busy machine, the limit grows to four times, and then the work is to blame', () => {
  const never = new Int32Array(new SharedArrayBuffer(4))
  const within = limitOf(MILLISECONDS)
  const limits = Array.from({ length: 4 }, () => {
    try {
      return within(() => Atomics.wait(never, 0, 0))
    } catch (error) {
      if (!(error instanceof TookTooLong)) throw error
      return `${error.message} ${error.isBusy ? 'busy' : 'ended'}`
    }
  })
  expect(limits).toEqual([
    'The work took longer than 20 ms. busy',
    'The work took longer than 40 ms. busy',
    'The work took longer than 80 ms. ended',
    'The work took longer than 80 ms. ended',
  ])
})

it('the result and the errors of work are the same with a limit', () => {
  const within = limitOf(100_000)
  const error = new TypeError('x')
  expect(within(() => 'result')).toBe('result')
  expect(within<unknown>(() => undefined)).toBeUndefined()
  expect(() =>
    within(() => {
      throw error
    }),
  ).toThrow(error)
  expect(within(() => within(() => 'nested'))).toBe('nested')
})

it('after work was ended, the next work runs', () => {
  const within = limitOf(MILLISECONDS)
  expect(() =>
    within(() => {
      for (;;);
    }),
  ).toThrow(TookTooLong)
  expect(limitOf(100_000)(() => 1)).toBe(1)
})
