import { expect, it } from 'vitest'
import { heredocDebris } from '../rules/yaml/heredoc-debris.js'
import { heredocDebrisPage } from '../rules/yaml/heredoc-debris.page.js'
import { analyse, describeFindings, expectFixed, replaceIn, type Files } from '../testing/index.js'
import { renderFile } from '../testing/renderFiles.js'

const choice = { rule: heredocDebris.name, title: 'Remove the heredoc line' }

it('the fix of heredoc-debris removes the line', () => {
  expectFixed(heredocDebrisPage.bad, choice, heredocDebrisPage.good)
})

it('the fix of heredoc-debris keeps the newline before the last line', () => {
  expectFixed(heredocDebrisPage.bad.trimEnd(), choice, heredocDebrisPage.good)
})

it('each fix of heredoc-debris removes one line', () => {
  const text = `kubectl apply -f - <<EOF\n${heredocDebrisPage.bad}`
  expect(expectFixed(expectFixed(text, choice), choice, heredocDebrisPage.good)).toEqual({
    'test.yaml': heredocDebrisPage.good,
  })
})

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: a
spec:
  rules:
  - {}
`

it('an object is edited in a file with a line left over from a heredoc', () => {
  expect(
    renderFile(`${POLICY}EOF\n`, (find) => [
      { op: 'set', resource: find('a'), path: ['spec', 'action'], value: 'DENY' },
    ]),
  ).toBe(`${replaceIn(POLICY, ['  rules:', '  action: DENY\n  rules:'])}EOF\n`)
})

const DUPLICATE = replaceIn(POLICY, ['spec:', 'spec:\n  action: DENY\n  action: ALLOW'])
const syntaxOf = (files: Files): string[] =>
  describeFindings(analyse(files)).filter((line) => line.includes(' yaml-syntax: '))

it('kubectl takes the last of duplicate keys: a warning', () => {
  expect(syntaxOf({ 'a.yaml': DUPLICATE })).toEqual([
    'a.yaml:7:3-6 warning yaml-syntax: Duplicate key "action": only the last one counts.',
  ])
})

it.each<[string, Files]>([
  ['a kustomization', { 'kustomization.yaml': 'resources: [a.yaml]\n', 'a.yaml': DUPLICATE }],
  [
    'a kustomization of Flux',
    {
      'ks.yaml':
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec: {path: app}\n',
      'app/a.yaml': DUPLICATE,
    },
  ],
])('kustomize rejects a file with duplicate keys: an error below %s', (_, files) => {
  expect(syntaxOf(files)).toEqual([
    expect.stringContaining(
      'error yaml-syntax: kustomize rejects this file, because of the duplicate key "action".',
    ),
  ])
})

it.each<[string, Files]>([
  ['a values file', { 'values.yaml': 'meshConfig: {a: 1, a: 2}\n' }],
  ['a custom resource', { 'a.yaml': 'apiVersion: x.io/v1\nkind: Kafka\na: 1\na: 2\n' }],
  [
    'an object that only creates others',
    {
      'a.yaml':
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec: {values: {a: 1, a: 2}}\n',
    },
  ],
])('duplicate keys are not reported in %s', (_, files) => {
  expect(syntaxOf(files)).toEqual([])
})

const BROKEN = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: *app\n'
const UNREADABLE = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: [\n'

it('a broken file is reported only where Istio is mentioned', () => {
  expect(syntaxOf({ 'a.yaml': BROKEN })).toEqual([])
  expect(
    syntaxOf({ 'a.yaml': replaceIn(BROKEN, ['metadata:\n  name: *app', 'metadata: [']) }),
  ).toEqual([])
  expect(syntaxOf({ 'a.yaml': UNREADABLE })).not.toEqual([])
  expect(syntaxOf({ 'a.yaml': BROKEN, 'policy.yaml': POLICY })).toHaveLength(1)
})
