import { describe, expect, it } from 'vitest'
import { analyse, replaceIn } from '../testing/index.js'
import { renderFile, renderFiles, type EditsOfFiles } from '../testing/renderFiles.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { Analysis } from './analysis.js'
import { renderEdits } from './renderEdits.js'
import { sourceLookupOf } from './sourceLookup.js'

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: a # ours
  namespace: shop
spec:
  selector:
    matchLabels: {app: api}
  rules:
  # first
  - from:
    - source:
        principals: ["td/ns/a/sa/b"]
    to:
    - operation: {ports: ["80"]}
  # second
  - to:
    - operation: {methods: [GET]}
  # third
  - to:
    - operation: {methods: [PUT]}
`
const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
`

it('edits use the paths before the fix, in any order', () => {
  const edits: EditsOfFiles['make'] = (find) => [
    { op: 'remove', resource: find('a'), path: ['spec', 'selector'] },
    { op: 'remove', resource: find('a'), path: ['spec', 'rules', 0, 'to'] },
    { op: 'remove', resource: find('a'), path: ['spec', 'rules', 1] },
    { op: 'remove', resource: find('a'), path: ['spec', 'rules', 1, 'to', 0] },
    { op: 'remove', resource: find('a'), path: ['spec', 'rules', 2] },
    {
      op: 'rename',
      resource: find('a'),
      path: ['spec', 'rules', 0, 'from', 0, 'source', 'principals'],
      to: 'serviceAccounts',
    },
    {
      op: 'set',
      resource: find('a'),
      path: ['spec', 'rules', 0, 'from', 0, 'source', 'principals', 0],
      value: 'a/b',
    },
    {
      op: 'set',
      resource: find('a'),
      path: ['spec', 'targetRefs'],
      value: [{ kind: 'Gateway', name: 'w' }],
    },
  ]
  const fixed = replaceIn(
    POLICY,
    [
      '  selector:\n    matchLabels: {app: api}\n',
      '  targetRefs:\n  - kind: Gateway\n    name: w\n',
    ],
    [
      'principals: ["td/ns/a/sa/b"]\n    to:\n    - operation: {ports: ["80"]}\n',
      'serviceAccounts: ["a/b"]\n',
    ],
    ['  - to:\n    - operation: {methods: [GET]}\n', ''],
    ['  - to:\n    - operation: {methods: [PUT]}\n', ''],
  )
  expect(renderFile(POLICY, edits)).toBe(fixed)
  expect(renderFile(POLICY, (find) => [...edits(find)].reverse())).toBe(fixed)
})

it('a field of a renamed mapping is removed by its old name', () => {
  expect(
    renderFile(POLICY, (find) => [
      { op: 'rename', resource: find('a'), path: ['spec', 'selector'], to: 'was' },
      { op: 'set', resource: find('a'), path: ['spec', 'selector', 'x'], value: 1 },
      { op: 'remove', resource: find('a'), path: ['spec', 'selector', 'matchLabels'] },
    ]),
  ).toBe(replaceIn(POLICY, ['selector:\n    matchLabels: {app: api}', 'was:\n    x: 1']))
})

it('edits of one file are small and do not overlap', () => {
  const analysis = analyse({ 'a.yaml': `\uFEFF${NAMESPACE}---\n${POLICY}` })
  const [, document] = analysis.files.get('a.yaml')?.documents ?? []
  const [resource] = document?.facts.resources ?? []
  const text = `\uFEFF${NAMESPACE}---\n${POLICY}`
  const edits = renderEdits(
    [
      {
        op: 'set',
        resource: resource!,
        path: ['spec', 'rules', 1, 'to', 0, 'operation', 'methods', 0],
        value: 'POST',
      },
      { op: 'set', resource: resource!, path: ['metadata', 'name'], value: 'b' },
    ],
    sourceLookupOf(analysis, () => text),
  )
  const name = text.indexOf('a # ours')
  const method = text.indexOf('GET')
  expect(edits).toEqual([
    {
      file: 'a.yaml',
      edits: [
        { span: { start: name, end: name + 1 }, newText: 'b' },
        { span: { start: method, end: method + 3 }, newText: 'POST' },
      ],
    },
  ])
})

it('no edit is made if one cannot be made safely', () => {
  expect(
    renderFile(POLICY, (find) => [
      { op: 'set', resource: find('a'), path: ['spec', 'action'], value: 'DENY' },
      { op: 'remove', resource: find('a'), path: ['spec', 'provider'] },
    ]),
  ).toBeUndefined()
})

it('an object of a List is edited in the List', () => {
  const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n- apiVersion: v1\n  kind: Namespace\n  metadata: {name: shop}\n`
  expect(
    renderFile(list, (find) => [
      {
        op: 'set',
        resource: find('shop'),
        path: ['metadata', 'labels', 'istio.io/dataplane-mode'],
        value: 'ambient',
      },
      { op: 'add', after: find('shop'), objects: [{ kind: 'X', metadata: { name: 'x' } }] },
    ]),
  ).toBe(
    replaceIn(list, ['{name: shop}', '{name: shop, labels: {istio.io/dataplane-mode: ambient}}']) +
      '- kind: X\n  metadata:\n    name: x\n',
  )
})

it('edits of several files and documents change each of them', () => {
  const files = {
    'a.yaml': `${NAMESPACE}---\n${POLICY}`,
    'b.yaml': replaceIn(NAMESPACE, ['shop', 'other']),
  }
  expect(
    renderFiles({
      files,
      make: (find) => [
        { op: 'set', resource: find('other'), path: ['metadata', 'labels', 'x'], value: '1' },
        { op: 'set', resource: find('a'), path: ['metadata', 'name'], value: 'c' },
        { op: 'set', resource: find('shop'), path: ['metadata', 'labels', 'x'], value: '1' },
      ],
    }),
  ).toEqual({
    'a.yaml': replaceIn(
      files['a.yaml'],
      ['name: a', 'name: c'],
      ['name: shop\n', 'name: shop\n  labels:\n    x: "1"\n'],
    ),
    'b.yaml': replaceIn(files['b.yaml'], ['name: other\n', 'name: other\n  labels:\n    x: "1"\n']),
  })
})

describe('a file that is not open in an editor', () => {
  const closed = (text: string, now: string): string | undefined => {
    const analysis = new Analysis({ settings: {}, world: 'open', levels: {}, readText: () => text })
    analysis.update([{ file: 'k/a.yaml', text }])
    const resource = analysis.files.get('k/a.yaml')?.documents.at(-1)?.facts.resources[0]
    const edits = renderEdits(
      [{ op: 'set', resource: resource!, path: ['metadata', 'name'], value: 'b' }],
      sourceLookupOf(analysis, () => now),
    )
    return edits && applyTextEdits(now, edits[0]?.edits ?? [])
  }
  const text = `${NAMESPACE}---\n${replaceIn(POLICY, ['  namespace: shop\n', ''])}`

  it('is edited if its text is the one that was read', () => {
    expect(closed(text, text)).toBe(replaceIn(text, ['name: a', 'name: b']))
  })

  it.each([
    ['one more document', `${text}---\n${NAMESPACE}`],
    ['another value', replaceIn(text, ['GET', 'PUT'])],
    ['another layout', replaceIn(text, ['  # second\n', '  # changed\n  # second\n'])],
    ['another line at the start', `# x\n${text}`],
  ])('is not edited if it has %s', (_, now) => {
    expect(closed(text, now)).toBeUndefined()
  })
})

it('a change is not made if a long document would be read again too often', () => {
  const commented = (rules: number) => {
    const text = `${POLICY}${'  - to:\n    - operation: {methods: [GET]}\n'.repeat(rules)}`
    const analysis = analyse(text)
    const resource = analysis.mesh.named('AuthorizationPolicy', 'shop', 'a')
    if (!resource) throw new Error('There is a policy.')
    const edits = resource.rules.map((_, index) => ({
      op: 'comment' as const,
      resource,
      path: ['spec', 'rules', index],
      text: 'why',
    }))
    return renderEdits(
      edits,
      sourceLookupOf(analysis, () => text),
    )
  }
  expect(commented(2)).toHaveLength(1)
  expect(commented(400)).toBeUndefined()
})
