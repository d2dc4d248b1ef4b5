import { expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { unmatchableValuePage } from './unmatchable-value.page.js'
import { unmatchableValue } from './unmatchable-value.js'

const rule = unmatchableValue.name
const { bad, good } = unmatchableValuePage
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
const operation = (field: string, value: string, action = 'DENY'): string =>
  replaceIn(
    good,
    ['paths: ["/users/{*}/invoices"]', `${field}: ["${value}"]`],
    ['action: DENY', `action: ${action}`],
  )
const WILDCARD = 'a "*" is a wildcard only at the start or end.'

it('unmatchable-value reports the bad example of its page', () => {
  expect(found(bad)).toEqual([`Path "/users/*/invoices" denies nothing: ${WILDCARD}`])
})

it('unmatchable-value reports nothing for the good example of its page', () => {
  expect(found(good)).toEqual([])
})

it('a wildcard in the middle becomes a template', () => {
  expectFixed(
    bad,
    { rule, title: 'Change to "/users/{*}/invoices"' },
    replaceIn(good, ['invoices"]', 'invoices"] # ←']),
  )
})

it.each<[string, string, string, string | undefined]>([
  ['paths', '/a/*/b/*', `Path "/a/*/b/*" denies nothing: ${WILDCARD}`, '/a/{*}/b/{**}'],
  ['paths', '/a/**', `Path "/a/**" denies nothing: ${WILDCARD}`, '/a/*'],
  ['paths', '/a*b', `Path "/a*b" denies nothing: ${WILDCARD}`, undefined],
  ['paths', '*/a/*', `Path "*/a/*" denies nothing: ${WILDCARD}`, undefined],
  ['paths', 'admin/*', 'Path "admin/*" denies nothing: each path starts with "/".', '/admin/*'],
  [
    'paths',
    '/a?b=*',
    'Path "/a?b=*" denies nothing: paths are compared without query and fragment.',
    '/a',
  ],
  ['notPaths', 'health', 'Path "health" excludes nothing: each path starts with "/".', '/health'],
  [
    'hosts',
    'https://a.example/*',
    'Host "https://a.example/*" denies nothing: a host has no scheme and no path.',
    'a.example',
  ],
  ['hosts', 'a.*.example', `Host "a.*.example" denies nothing: ${WILDCARD}`, undefined],
  ['methods', 'get', 'Method "get" denies nothing: methods are compared with case.', 'GET'],
])('%s: %s', (field, value, message, correction) => {
  const text = operation(field, value)
  expect(found(text)).toEqual([message])
  if (correction !== undefined)
    expectFixed(
      text,
      { rule, title: `Change to "${correction}"` },
      replaceIn(text, [`"${value}"`, `"${correction}"`]),
    )
})

it('an ALLOW with such a value allows nothing', () => {
  expect(found(operation('methods', 'Get', 'ALLOW'))).toEqual([
    'Method "Get" allows nothing: methods are compared with case.',
  ])
})

it.each([
  ['information', '/dex/*", "/dex/**'],
  ['warning', '/other/*", "/dex/**'],
])('has the level %s beside another value: %s', (level, value) => {
  expect(
    findingsOf(analyse(operation('notPaths', value)))
      .filter((finding) => finding.rule === rule)
      .map((finding) => finding.level),
  ).toEqual([level])
})

it.each([
  ['paths', '/a'],
  ['paths', '/a/*'],
  ['paths', '*'],
  ['paths', '*/a'],
  ['paths', '/{*}/a/{**}'],
  ['paths', '/$NAME/*/b'],
  ['hosts', 'a.example:8080'],
  ['hosts', '*.example'],
  ['hosts', 'a.*'],
  ['methods', 'GET'],
  ['methods', 'M-SEARCH'],
  ['methods', 'purge'],
])('%s: %s can match', (field, value) => {
  expect(found(operation(field, value))).toEqual([])
})
