import { expect, it } from 'vitest'
import { NEWEST_RELEASE, RELEASE_FACTS, supports } from './releases.js'

it.each([
  ['1.25', true],
  ['1.32', true],
  ['2.0', true],
  ['2', true],
  ['1.24', false],
  ['1.9', false],
  ['0.40', false],
])('release %s supports what exists since 1.25: %s', (istioVersion, expected) => {
  expect(supports({ istioVersion }, 'gatewayClassTargets')).toBe(expected)
})

it('has a release and a source for each fact, and the newest release supports them all', () => {
  for (const [fact, { since, source }] of Object.entries(RELEASE_FACTS)) {
    expect(since, fact).toMatch(/^1\.\d\d$/)
    expect(source, fact).not.toBe('')
    expect(supports({ istioVersion: NEWEST_RELEASE }, fact as keyof typeof RELEASE_FACTS)).toBe(
      true,
    )
  }
})
