import { expect, it } from 'vitest'
import { heredocDebris } from '../rules/yaml/heredoc-debris.js'
import { heredocDebrisPage } from '../rules/yaml/heredoc-debris.page.js'
import { expectFixed } from '../testing/index.js'
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
  ).toBe(`${POLICY.replace('  rules:', '  action: DENY\n  rules:')}EOF\n`)
})
