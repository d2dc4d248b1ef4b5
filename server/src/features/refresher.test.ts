import { afterEach, expect, it, vi } from 'vitest'
import { refresher } from './refresher.js'

const ignore = (): void => undefined

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('calls within a short time cause one refresh, also in a browser, and errors are logged', async () => {
  const pending: (() => void)[] = []
  // In browsers, a timer is a number.
  vi.stubGlobal('setTimeout', (act: () => void) => pending.push(act))
  const errors: string[] = []
  let asked = 0
  const refresh = refresher(
    'Lenses',
    {
      log: { info: ignore, warn: ignore, error: (message) => void errors.push(message) },
      shutdown: new AbortController().signal,
    },
    () => {
      asked++
      return asked === 1 ? Promise.resolve() : Promise.reject(new Error('no'))
    },
  )
  refresh()
  refresh()
  expect(pending).toHaveLength(1)
  pending[0]?.()
  refresh()
  pending[1]?.()
  await Promise.resolve()
  await Promise.resolve()
  expect(asked).toBe(2)
  expect(errors.join()).toContain('Lenses are not up to date: Error: no')
})

it('nothing is refreshed after the shutdown', () => {
  vi.useFakeTimers()
  const shutdown = new AbortController()
  const log = { info: ignore, warn: ignore, error: ignore }
  const ask = vi.fn(() => Promise.resolve())
  refresher('Lenses', { log, shutdown: shutdown.signal }, ask)()
  shutdown.abort()
  vi.runAllTimers()
  expect(ask).not.toHaveBeenCalled()
})
