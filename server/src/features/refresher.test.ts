import { afterEach, expect, it, vi } from 'vitest'
import { refresher } from './refresher.js'

const ignore = (): void => undefined

afterEach(() => {
  vi.unstubAllGlobals()
})

it('calls within a short time cause one refresh, also in a browser, and errors are logged', async () => {
  const pending: (() => void)[] = []
  // In browsers, a timer is a number.
  vi.stubGlobal('setTimeout', (act: () => void) => pending.push(act))
  const errors: string[] = []
  let asked = 0
  const refresh = refresher(
    'Lenses',
    { info: ignore, warn: ignore, error: (message) => void errors.push(message) },
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
