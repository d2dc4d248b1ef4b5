import { expect, it } from 'vitest'
import { usesColours } from './usesColours.js'

it.each<[env: Readonly<Record<string, string>>, terminal: boolean, pipe: boolean]>([
  [{}, true, false],
  [{ TERM: 'dumb' }, false, false],
  [{ NO_COLOR: '1' }, false, false],
  [{ NO_COLOR: '' }, true, false],
  [{ FORCE_COLOR: '1' }, true, true],
  [{ FORCE_COLOR: '' }, true, false],
  [{ FORCE_COLOR: '0' }, false, false],
  [{ FORCE_COLOR: 'false' }, false, false],
  [{ FORCE_COLOR: '3', TERM: 'dumb' }, true, true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, false],
])('with %j, a terminal has colours: %s, and a pipe: %s', (env, terminal, pipe) => {
  expect([usesColours(env, true), usesColours(env, false)]).toEqual([terminal, pipe])
})
