import { describe, expect, it } from 'vitest'
import { compileExclude } from './exclude.js'

describe('compileExclude', () => {
  it.each([
    ['vendor', '/w/vendor', true],
    ['vendor', '/w/vendor/a/b.yaml', true],
    ['vendor/', '/w/vendor/b.yaml', true],
    ['./vendor/**', '/w/vendor/b.yaml', true],
    ['vendor', '/w/a/vendor', false],
    ['**/vendor', '/w/a/vendor', true],
    ['**/*.gen.yaml', '/w/a/b.gen.yaml', true],
    ['*.yaml', '/w/a/b.yaml', false],
    ['{a,b}/*.yaml', '/w/b/c.yaml', true],
    ['**/testdata/**', '/w/.hidden/testdata/c.yaml', true],
    ['**', '/elsewhere/c.yaml', false],
  ])('the pattern %s excludes %s: %s', (pattern, path, excluded) => {
    expect(compileExclude([pattern], '/w')(path)).toBe(excluded)
  })

  it('without patterns, nothing is excluded', () => {
    expect(compileExclude([], '/w')('/w/a.yaml')).toBe(false)
  })
})
