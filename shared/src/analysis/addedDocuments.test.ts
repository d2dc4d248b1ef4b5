import { expect, it } from 'vitest'
import type { PlainObject } from '../rules/fix.js'
import { namespace, replaceAllIn, replaceIn } from '../testing/index.js'
import { renderFile, type EditsOfFiles } from '../testing/renderFiles.js'

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: a
  namespace: shop
spec:
  rules:
  - {}
`
const NAMESPACE = namespace('shop')
const objects: readonly PlainObject[] = [{ kind: 'X', spec: { list: ['y*', '1'] } }, { kind: 'Z' }]
const added = '---\nkind: X\nspec:\n  list:\n  - y*\n  - "1"\n---\nkind: Z'
const add: EditsOfFiles['make'] = (find) => [{ op: 'add', after: find('a'), objects }]

it.each([
  ['at the end of a file', POLICY, `${POLICY}${added}\n`],
  ['at the end of a file without a final newline', POLICY.trimEnd(), `${POLICY}${added}`],
  [
    'before the next document',
    `${POLICY}---\n${NAMESPACE}`,
    `${POLICY}${added}\n---\n${NAMESPACE}`,
  ],
  [
    'after a document that ends with `...`',
    `${POLICY}...\n---\n${NAMESPACE}`,
    `${POLICY}...\n${added}\n---\n${NAMESPACE}`,
  ],
  [
    'before a document without a marker',
    `${POLICY}...\n${NAMESPACE}`,
    `${POLICY}...\n${added}\n...\n${NAMESPACE}`,
  ],
  [
    'written with CRLF if the file has CRLF',
    replaceAllIn(POLICY, ['\n', '\r\n']),
    replaceAllIn(`${POLICY}${added}\n`, ['\n', '\r\n']),
  ],
])('added objects are %s', (_, text, result) => {
  expect(renderFile(text, add)).toBe(result)
})

it('objects are added after a document that the same fix edits', () => {
  expect(
    renderFile(POLICY, (find) => [
      ...add(find),
      { op: 'set', resource: find('a'), path: ['metadata', 'name'], value: 'b' },
    ]),
  ).toBe(replaceIn(`${POLICY}${added}\n`, ['name: a', 'name: b']))
})

it('no object can be added to a JSON file', () => {
  expect(
    renderFile('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}', add, 'a.json'),
  ).toBeUndefined()
})
