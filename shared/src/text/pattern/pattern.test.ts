import { describe, expect, it } from 'vitest'
import { MAX_WORK, textMatcher } from './matchText.js'
import { parseGlob } from './parseGlob.js'
import { parseRegExp } from './parseRegExp.js'
import { literal, oneOf, repeat } from './pattern.js'
import { matchesWildcards } from './wildcards.js'

function matchesRegExp(expression: string, text: string, ignoresCase = false): boolean | undefined {
  const pattern = parseRegExp(expression, ignoresCase)
  return pattern && textMatcher(pattern)?.(text)
}

describe('regular expressions', () => {
  const TEXTS = [
    '',
    'a',
    'b',
    'ab',
    'ba',
    'aab',
    'abab',
    'a.b',
    'a\nb',
    'x1',
    '-',
    ']',
    'A',
    '{',
    'a{1',
    '😀',
    'a😀b',
  ]
  it.each([
    '',
    'a',
    'a*',
    'a+b',
    'a?b?',
    '(ab)*',
    '(a|b)+',
    '(?:a|ab)(?:b|)',
    '(?<name>a)b',
    'a.b',
    'a[.]b',
    'a\\.b',
    '[ab]{2}',
    '[ab]{1,}',
    '[ab]{1,2}',
    '[^ab]',
    '[]-]',
    '\\w\\d',
    '[\\w-]+',
    '\\W',
    '\\S+',
    '^a$',
    '(^|b)a',
    'a*?b',
    'a{1',
    '{',
    'a|',
    '(a*)*',
    '(a|a)*b',
    'a\\nb',
    '.*',
  ])('the expression %s matches the same texts as in JavaScript', (expression) => {
    // In JavaScript `[]` is empty and `.` is half of a character without the flag `u`.
    const expected = new RegExp(
      `^(?:${expression.replace('[]', '[\\]')})$`,
      expression.includes('{') ? '' : 'u',
    )
    expect(TEXTS.filter((text) => matchesRegExp(expression, text))).toEqual(
      TEXTS.filter((text) => expected.test(text)),
    )
  })

  it.each([
    '(',
    ')',
    '[a',
    'a**',
    '*a',
    '{2}',
    'a|{2}',
    '(+)',
    '(?i)a',
    '(?=a)',
    '\\b',
    '\\1',
    '\\pL',
    '[[:alpha:]]',
    'a{2,1}',
    'a{1001}',
    '[b-a]',
    '\\',
    'x'.repeat(1_001),
    '('.repeat(60) + ')'.repeat(60),
  ])('the expression %s is not read', (expression) => {
    expect(parseRegExp(expression)).toBeUndefined()
  })

  it('an expression can ignore upper and lower case', () => {
    expect(matchesRegExp('/A[b-c]', '/aC', true)).toBe(true)
    expect(matchesRegExp('/A[b-c]', '/aD', true)).toBe(false)
  })

  it.each([
    '(a{1000}){1000}',
    '((a{100}){100}){100}',
    '((){1000}){1000}',
    '(((){1000}){1000}){1000}',
  ])('the expression %s is too large', (expression) => {
    const pattern = parseRegExp(expression)
    expect(pattern && textMatcher(pattern)).toBeUndefined()
  })

  it.each([
    '(a*)*b',
    '(a|a)*b',
    '(a+)+b',
    'a*a*a*a*a*a*a*b',
    '(.*a){20}b',
    '(a?){50}a{50}b',
    '([a-z]+)+\\.',
    '(x+x+)+y|a*',
  ])('the work for the expression %s is linear in the length of the text', (expression) => {
    const workFor = (length: number): number => {
      let work = 0
      const pattern = parseRegExp(expression)
      const matches = pattern && textMatcher(pattern, { onWork: (steps) => (work = steps) })
      matches?.('a'.repeat(length))
      return work
    }
    expect(workFor(2_000)).toBeLessThanOrEqual(2.1 * workFor(1_000))
  })

  it('a text that needs too much work is neither matched nor refused', () => {
    let work = 0
    const matches = textMatcher(
      repeat(
        repeat(
          oneOf(() => true),
          0,
        ),
        2_000,
      ),
      { onWork: (steps) => (work = steps) },
    )
    expect(matches?.('a'.repeat(1_900))).toBeUndefined()
    expect(work).toBeLessThan(MAX_WORK + 10_000)
    expect(textMatcher(literal('x'.repeat(20_000)))).toBeUndefined()
  })
})

describe('wildcards', () => {
  it.each([
    ['a*c*', 'abcd', true],
    ['a*c', 'xabc', false],
    ['a*c', 'abcx', false],
    ['a*c', 'a\nc', true],
    ['a*b*c', 'abc', true],
    ['a*bb*c', 'abc', false],
    ['ab*ba', 'aba', false],
    ['*', '', true],
    ['**', 'x', true],
    ['a.(c)[d]', 'a.(c)[d]', true],
    ['a.c', 'abc', false],
    ['', '', true],
    ['', 'a', false],
  ])('the pattern %s matches %j: %s', (pattern, text, expected) => {
    expect(matchesWildcards(pattern, text)).toBe(expected)
  })
})

describe('globs', () => {
  it.each([
    ['', 'matches the whole folder'],
    ['/', 'matches the whole folder'],
    ['./', 'matches the whole folder'],
    ['.', 'matches the whole folder'],
    ['/a', 'must be relative to the folder, without a slash at its start'],
    ['!x', 'must not start with "!"'],
    ['(a+)+b', undefined],
    ['+(a+)b', 'must not contain a group in parentheses'],
    ['a{b', 'has brackets that are not closed'],
    ['a[b', 'has brackets that are not closed'],
    ['{'.repeat(20) + '}'.repeat(20), 'has brackets that are not closed'],
    ['a}', undefined],
  ])('the problem of the pattern %j is: %s', (glob, problem) => {
    const read = parseGlob(glob)
    expect(typeof read === 'string' ? read : undefined).toBe(problem)
  })

  it.each([
    ['*.yaml', 'a.yaml', true],
    ['*.yaml', 'a/b.yaml', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'a/xb', false],
    ['a**b', 'axxb', true],
    ['a**b', 'a/b', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[!a-c]x', '/x', false],
    ['{a,b{c,d}}', 'bd', true],
    ['{a,b{c,d}}', 'b', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['(a+)+b', 'aab', false],
    ['(a+)+b', '(a+)+b', true],
    ['**', 'a/b', true],
  ])('the glob %s matches %s: %s', (glob, path, expected) => {
    const read = parseGlob(glob)
    expect(typeof read === 'string' ? read : textMatcher(read)?.(path)).toBe(expected)
  })
})
