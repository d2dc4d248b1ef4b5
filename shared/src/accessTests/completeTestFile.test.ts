import { expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  from,
  namespace,
  replaceIn,
  service,
  to,
} from '../testing/index.js'
import { completeTestFile } from './completeTestFile.js'
import { readTestFile } from './readTestFile.js'
import { explainTestField } from './testFields.js'

const { mesh } = analyse(
  {
    'mesh.yaml': documents(
      namespace('shop', { ambient: true }),
      deployment('shop/web', { serviceAccount: 'web' }),
      service('shop/api'),
      authorizationPolicy('shop/readers', {
        targetRefs: ['Service/api'],
        rules: [{ ...from({ namespaces: ['shop'] }), ...to({ paths: ['/orders*'] }) }],
      }),
    ),
  },
  { world: 'closed' },
)

/** The text with `│` at the cursor. */
function labelsAt(text: string): string[] {
  const offset = text.indexOf('│')
  return (
    completeTestFile(mesh, replaceIn(text, ['│', '']), offset)?.items.map(({ label }) => label) ??
    []
  )
}

it.each([
  ['│', ['mesh', 'cases', 'rules']],
  ['mesh: a\n│', ['cases', 'rules']],
  ['cases:\n  - │', ['name', 'request', 'expect', 'by']],
  ['cases:\n  - name: a\n    │', ['request', 'expect', 'by']],
  ['cases:\n  - name: a\n    expect: │', ['allow', 'deny', 'undecided']],
  ['cases:\n  - name: a\n    by: │', ['shop/readers']],
  ['cases:\n  - name: a\n    request:\n      │', ['from', 'to', 'http']],
  ['cases:\n  - name: a\n    request: {from: │', ['shop/web', 'outside']],
  ['cases:\n  - name: a\n    request:\n      to: │', ['service shop/api:80']],
  ['cases:\n  - name: a\n    request:\n      http: {path: │', ['/orders*']],
  ['rules:\n  - name: a\n    │', ['never', 'always', 'through']],
  ['rules:\n  - name: a\n    through: │', ['waypoint']],
  ['rules:\n  - name: a\n    never:\n      │', ['from', 'notFrom', 'to', 'http']],
  ['rules:\n  - name: a\n    never:\n      from: │', ['shop/web', 'outside', 'namespace:shop']],
  [
    'rules:\n  - name: a\n    never:\n      from: [outside, │',
    ['shop/web', 'outside', 'namespace:shop'],
  ],
  [
    'rules:\n  - name: a\n    never:\n      to: │',
    ['service shop/api', 'service shop/api:80', 'namespace:shop'],
  ],
  ['other:\n  │', []],
])('%j', (text, labels) => {
  const found = labelsAt(text)
  if (text.includes('path:')) expect(found).toEqual(labels)
  else expect(found.filter((label) => !label.startsWith('workload '))).toEqual(labels)
})

it('a test file can be written from completions only', () => {
  let text = ''
  const choose = (label: string, typed = ''): void => {
    const found = completeTestFile(mesh, text, text.length)
    const item = found?.items.find((each) => each.label === label)
    if (!found || !item) throw new Error(`${label} is not offered at the end of ${text}`)
    text = `${text.slice(0, found.span.start)}${item.text}${typed}`
  }
  choose('rules')
  choose('name', 'a\n  ')
  choose('never')
  choose('from')
  choose('namespace:shop', '\n    ')
  choose('to')
  choose('service shop/api', '\n')
  const { testFile, problems } = readTestFile(text)
  expect(problems).toEqual([])
  expect(testFile.tests).toMatchObject([
    { claim: 'never', selection: { from: [{ namespace: 'shop' }], to: [{ name: 'shop/api' }] } },
  ])
})

it('every key that is completed is a key that is read, and has a text', () => {
  for (const path of [
    ['mesh'],
    ['cases', 0, 'request', 'http', 'method'],
    ['rules', 1, 'never', 'notFrom'],
  ])
    expect(explainTestField(path)).toMatch(/^\*\*\w+\*\*\n\n\S/)
  expect(explainTestField(['cases', 0, 'expect'])).toContain('- `deny`: ')
  expect(explainTestField(['gone'])).toBeUndefined()
  expect(explainTestField([])).toBeUndefined()
})
