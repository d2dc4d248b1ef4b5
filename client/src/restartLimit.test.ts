import { expect, it } from 'vitest'
import { RestartLimit, RESTARTS } from './restartLimit.js'

const SECOND = 1000
const MINUTE = 60 * SECOND

const end = (limit: RestartLimit, times: readonly number[]): boolean[] =>
  times.map((time) => limit.allows(time))

it('starts a server again until it has ended too often within a short time', () => {
  expect(
    end(
      new RestartLimit(),
      [0, 1, 2, 3, 4].map((n) => n * SECOND),
    ),
  ).toEqual([true, true, true, true, false])
  expect(RESTARTS).toBe(4)
})

it('goes on for ever where a server ends now and then', () => {
  expect(
    end(
      new RestartLimit(),
      Array.from({ length: 20 }, (_, n) => n * MINUTE),
    ),
  ).toEqual(Array.from({ length: 20 }, () => true))
  expect(end(new RestartLimit(), [0, 0, 0, 0, 3 * MINUTE])).toEqual([true, true, true, true, false])
  expect(end(new RestartLimit(), [0, 0, 0, 0, 3 * MINUTE + 1])).toEqual([
    true,
    true,
    true,
    true,
    true,
  ])
})

it('counts anew when a person has started the server', () => {
  const limit = new RestartLimit()
  end(limit, [0, 0, 0, 0, 0])
  expect(limit.allows(SECOND)).toBe(false)
  limit.forget()
  expect(end(limit, [0, 0, 0, 0, 0])).toEqual([true, true, true, true, false])
})
