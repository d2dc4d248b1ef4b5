import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesPath, normalizePath } from '../waypoint/path.js'
import { matchesPattern } from '../waypoint/stringMatch.js'
import { pathsByMatches } from './automaton.js'
import { textCandidates } from './strings.js'
import { formatPattern, pathPattern, textPattern } from './textPattern.js'
import { runs } from '../testing/runs.js'

const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 4 })
const patternText = fc.oneof(
  text,
  text.map((each) => `${each}*`),
  text.map((each) => `*${each}`),
  fc.constant('*'),
)

describe('textCandidates', () => {
  it('has a text for each combination of patterns that a text can match', () => {
    fc.assert(
      fc.property(fc.array(patternText, { maxLength: 5 }), text, (patterns, value) => {
        const matches = (of: string): string =>
          patterns.map((pattern) => Number(matchesPattern(pattern, of))).join('')
        const candidates = textCandidates(patterns.map(textPattern), 'other', Infinity)
        expect(candidates.map((each) => matches(each.text))).toContain(matches(value))
      }),
      { numRuns: runs(700) },
    )
  })

  it('names what its texts match', () => {
    const words = textCandidates(['GET', 'P*', '*T'].map(textPattern), 'any other method', Infinity)
    expect(words.map((each) => [each.text, each.words])).toEqual([
      ['z', 'any other method'],
      ['GET', 'GET'],
      ['Pz', 'P*'],
      ['P', 'P*'],
      ['zT', '*T'],
      ['T', '*T'],
      ['PzT', 'P*T'],
      ['PT', 'P*T'],
    ])
  })
})

const segment = fc.constantFrom('a', 'ab', '{*}', 'b', '.a')
const template = fc
  .tuple(
    fc.array(segment, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '/{**}', '/', '/{**}/a', '*'),
  )
  .map(([segments, end]) => `/${segments.join('/')}${end}`)
  .filter((each) => !each.includes('{') || !each.endsWith('*'))
const path = fc
  .string({ unit: fc.constantFrom('a', 'b', '/', '.', '|', 'c'), maxLength: 7 })
  .map((each) => `/${each}`)
  .filter((each) => normalizePath(each) === each)

describe('pathsByMatches', () => {
  it('has a path for each combination of templates and patterns that a path can match', () => {
    fc.assert(
      fc.property(fc.array(template, { minLength: 1, maxLength: 4 }), path, (templates, value) => {
        const matches = (of: string): string =>
          templates.map((each) => Number(matchesPath(each, of))).join('')
        const found = pathsByMatches(templates.map(pathPattern))
        expect(found?.map(matches)).toContain(matches(value))
        for (const each of found ?? []) expect(normalizePath(each)).toBe(each)
      }),
      { numRuns: runs(400) },
    )
  })

  it('finds the shortest paths', () => {
    const patterns = ['/a/{*}', '/a/{**}/x', '/a/b'].map(pathPattern)
    expect(pathsByMatches(patterns)).toEqual(['/', '/a/a', '/a/b', '/a//x'])
  })

  it('gives up on too many states', () => {
    const letters = 'abcdefghijklmnop'.split('')
    expect(pathsByMatches(letters.map((each) => pathPattern(`/{**}${each}{**}`)))).toBeUndefined()
  })
})

it('a pattern is formatted as policies write it', () => {
  for (const value of ['*', 'a*', '*a', 'a', '/a/{*}/b'])
    expect(formatPattern(pathPattern(value))).toBe(value)
})
