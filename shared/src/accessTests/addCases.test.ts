import { expect, it } from 'vitest'
import { replaceAllIn } from '../testing/replaceIn.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { addCases, type PinnedRequest } from './addCases.js'
import { readTestFile } from './readTestFile.js'

const PINNED: PinnedRequest = {
  request: {
    from: { namespace: 'shop', serviceAccount: 'web' },
    to: { service: 'shop/api', port: 80 },
    http: { method: 'GET', path: '/orders' },
  },
  expect: 'allow',
  by: 'shop/readers',
}

const added = (text: string): string | undefined => {
  const edits = addCases(text, [PINNED])
  return edits && applyTextEdits(text, edits)
}

const CASE = `  - name: "shop/web can reach service shop/api:80 with GET /orders"
    request:
      from: shop/web
      to: service shop/api:80
      http:
        method: GET
        path: /orders
    expect: allow
    by: shop/readers
`

it('an empty file becomes a test file', () => {
  expect(added('')?.replaceAll('"', '')).toBe(replaceAllIn(`cases:\n${CASE}`, ['"', '']))
})

it('a case is added at the end, with a name of its own, and everything else stays', () => {
  const once = added(
    '# tests\nmesh: ../deploy\ncases: # all\n  - {name: a, request: {from: a/b, to: "host x:1"}, expect: deny}\nrules: []\n',
  )
  expect(once).toMatch(
    /^# tests\nmesh: \.\.\/deploy\ncases: # all\n {2}- \{name: a, .*\}\n {2}- name: /,
  )
  const twice = added(once ?? '') ?? ''
  const { testFile, problems } = readTestFile(twice)
  expect(problems).toEqual([])
  expect(testFile.tests.map(({ name }) => name)).toEqual([
    'a',
    'shop/web can reach service shop/api:80 with GET /orders',
    'shop/web can reach service shop/api:80 with GET /orders (2)',
  ])
  expect(testFile.tests[1]).toMatchObject({
    requests: [PINNED.request],
    expect: 'allow',
    by: 'shop/readers',
  })
})

it('a file without cases gets the list', () => {
  expect(readTestFile(added('mesh: ..\n') ?? '').testFile.tests).toHaveLength(1)
})

it('a file with problems is not changed', () => {
  expect(added('case: []\n')).toBeUndefined()
})

it('several cases have different names', () => {
  const edits = addCases('', [PINNED, PINNED, { ...PINNED, expect: 'deny' }]) ?? []
  const { testFile, problems } = readTestFile(applyTextEdits('', edits))
  expect(problems).toEqual([])
  expect(testFile.tests.map(({ name }) => name)).toEqual([
    'shop/web can reach service shop/api:80 with GET /orders',
    'shop/web can reach service shop/api:80 with GET /orders (2)',
    'shop/web cannot reach service shop/api:80 with GET /orders',
  ])
})
