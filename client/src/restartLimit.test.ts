import { expect, it } from 'vitest'
import { RestartLimit, RESTARTS } from './restartLimit.js'

const SECOND = 1000
const MINUTE = 60 * SECOND

const crash = (limit: RestartLimit, times: readonly number[]): boolean[] =>
  times.map((time) => limit.allowsRestart(time))

it('a server is restarted four times within three minutes', () => {
  const times = [0, 1, 2, 3, 4].map((n) => n * SECOND)
  expect(crash(new RestartLimit(), times)).toEqual([true, true, true, true, false])
  expect(RESTARTS).toBe(4)
})

it('a server that crashes once a minute is always restarted', () => {
  expect(
    crash(
      new RestartLimit(),
      Array.from({ length: 20 }, (_, n) => n * MINUTE),
    ),
  ).toEqual(Array.from({ length: 20 }, () => true))
})

it('a crash older than three minutes is not counted', () => {
  const last = (time: number): boolean | undefined =>
    crash(new RestartLimit(), [0, 0, 0, 0, time]).at(-1)
  expect(last(3 * MINUTE)).toBe(false)
  expect(last(3 * MINUTE + 1)).toBe(true)
})

it('the count starts again after the user has started the server', () => {
  const limit = new RestartLimit()
  crash(limit, [0, 0, 0, 0, 0])
  expect(limit.allowsRestart(SECOND)).toBe(false)
  limit.reset()
  expect(crash(limit, [0, 0, 0, 0, 0])).toEqual([true, true, true, true, false])
})
