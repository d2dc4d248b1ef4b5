import { describe, expect, it } from 'vitest'
import type { Resource } from '../resources/resource.js'
import { analyse, applyFix, expectFixed, type Files } from '../testing/index.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { Analysis } from './analysis.js'
import { heredocDebris } from '../rules/yaml/heredoc-debris.js'
import { heredocDebrisPage } from '../rules/yaml/heredoc-debris.page.js'
import { sourceLookupOf } from './sourceLookup.js'
import type { Edit, PlainObject } from '../rules/fix.js'
import { renderEdits } from './renderEdits.js'

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

interface Given {
  readonly files: Files
  readonly make: (find: (name: string) => Resource) => readonly Edit[]
}

/** The files after edits of the objects that are found by their name. */
function render({ files, make }: Given): Files | undefined {
  const analysis = analyse(files)
  const resources = [...analysis.files.values()].flatMap(({ documents }) =>
    documents.flatMap(({ facts }) => facts.resources),
  )
  const find = (name: string): Resource => {
    const found = resources.find((resource) => resource.name === name)
    if (!found) throw new Error(`No ${name}`)
    return found
  }
  const edits = renderEdits(
    make(find),
    sourceLookupOf(analysis, (file) => files[file]),
  )
  return (
    edits &&
    Object.fromEntries(
      edits.map(({ file, edits: changes }) => [file, applyTextEdits(files[file] ?? '', changes)]),
    )
  )
}

function renderOne(text: string, make: Given['make'], file = 'a.yaml'): string | undefined {
  return render({ files: { [file]: text }, make })?.[file]
}

describe('edits of one document', () => {
  it('speak of the object as it stands, in whatever order', () => {
    const edits: Given['make'] = (find) => [
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
    const fixed = POLICY.replace(
      '  selector:\n    matchLabels: {app: api}\n',
      '  targetRefs:\n  - kind: Gateway\n    name: w\n',
    )
      .replace(
        'principals: ["td/ns/a/sa/b"]\n    to:\n    - operation: {ports: ["80"]}\n',
        'serviceAccounts: ["a/b"]\n',
      )
      .replace('  - to:\n    - operation: {methods: [GET]}\n', '')
      .replace('  - to:\n    - operation: {methods: [PUT]}\n', '')
    expect(renderOne(POLICY, edits)).toBe(fixed)
    expect(renderOne(POLICY, (find) => [...edits(find)].reverse())).toBe(fixed)
  })

  it('remove a renamed field by the name it had', () => {
    expect(
      renderOne(POLICY, (find) => [
        { op: 'rename', resource: find('a'), path: ['spec', 'selector'], to: 'was' },
        { op: 'set', resource: find('a'), path: ['spec', 'selector', 'x'], value: 1 },
        { op: 'remove', resource: find('a'), path: ['spec', 'selector', 'matchLabels'] },
      ]),
    ).toBe(POLICY.replace('selector:\n    matchLabels: {app: api}', 'was:\n    x: 1'))
  })

  it('are small and do not overlap', () => {
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

  it('are all refused where one is', () => {
    expect(
      renderOne(POLICY, (find) => [
        { op: 'set', resource: find('a'), path: ['spec', 'action'], value: 'DENY' },
        { op: 'remove', resource: find('a'), path: ['spec', 'provider'] },
      ]),
    ).toBeUndefined()
  })

  it('reach objects of a List, whatever stands before them', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n- apiVersion: v1\n  kind: Namespace\n  metadata: {name: shop}\n`
    expect(
      renderOne(list, (find) => [
        {
          op: 'set',
          resource: find('shop'),
          path: ['metadata', 'labels', 'istio.io/dataplane-mode'],
          value: 'ambient',
        },
        { op: 'add', after: find('shop'), objects: [{ kind: 'X', metadata: { name: 'x' } }] },
      ]),
    ).toBe(
      list.replace('{name: shop}', '{name: shop, labels: {istio.io/dataplane-mode: ambient}}') +
        '- kind: X\n  metadata:\n    name: x\n',
    )
  })
})

describe('edits of several files and documents', () => {
  it('change each of them', () => {
    const files = {
      'a.yaml': `${NAMESPACE}---\n${POLICY}`,
      'b.yaml': NAMESPACE.replace('shop', 'other'),
    }
    expect(
      render({
        files,
        make: (find) => [
          { op: 'set', resource: find('other'), path: ['metadata', 'labels', 'x'], value: '1' },
          { op: 'set', resource: find('a'), path: ['metadata', 'name'], value: 'c' },
          { op: 'set', resource: find('shop'), path: ['metadata', 'labels', 'x'], value: '1' },
        ],
      }),
    ).toEqual({
      'a.yaml': files['a.yaml']
        .replace('name: a', 'name: c')
        .replace('name: shop\n', 'name: shop\n  labels:\n    x: "1"\n'),
      'b.yaml': files['b.yaml'].replace('name: other\n', 'name: other\n  labels:\n    x: "1"\n'),
    })
  })
})

describe('added objects', () => {
  const objects: readonly PlainObject[] = [
    { kind: 'X', spec: { list: ['y*', '1'] } },
    { kind: 'Z' },
  ]
  const added = '---\nkind: X\nspec:\n  list:\n  - y*\n  - "1"\n---\nkind: Z'
  const add: Given['make'] = (find) => [{ op: 'add', after: find('a'), objects }]

  it.each([
    ['at the end of a file', POLICY, `${POLICY}${added}\n`],
    ['at the end of a file without a final newline', POLICY.trimEnd(), `${POLICY}${added}`],
    [
      'before the next document',
      `${POLICY}---\n${NAMESPACE}`,
      `${POLICY}${added}\n---\n${NAMESPACE}`,
    ],
    [
      'behind a document that is closed',
      `${POLICY}...\n---\n${NAMESPACE}`,
      `${POLICY}...\n${added}\n---\n${NAMESPACE}`,
    ],
    [
      'before a document without a marker',
      `${POLICY}...\n${NAMESPACE}`,
      `${POLICY}...\n${added}\n...\n${NAMESPACE}`,
    ],
    ['with CRLF', POLICY.replaceAll('\n', '\r\n'), `${POLICY}${added}\n`.replaceAll('\n', '\r\n')],
  ])('stand %s', (_, text, result) => {
    expect(renderOne(text, add)).toBe(result)
  })

  it('stand behind the document that an edit of the same fix changes', () => {
    expect(
      renderOne(POLICY, (find) => [
        ...add(find),
        { op: 'set', resource: find('a'), path: ['metadata', 'name'], value: 'b' },
      ]),
    ).toBe(`${POLICY}${added}\n`.replace('name: a', 'name: b'))
  })

  it('have no place in a JSON file', () => {
    expect(
      renderOne('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}', add, 'a.json'),
    ).toBeUndefined()
  })
})

describe('a file that is not open', () => {
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
  const text = `${NAMESPACE}---\n${POLICY.replace('  namespace: shop\n', '')}`

  it('is edited as it stands on disk', () => {
    expect(closed(text, text)).toBe(text.replace('name: a', 'name: b'))
  })

  it.each([
    ['a document more', `${text}---\n${NAMESPACE}`],
    ['another value', text.replace('GET', 'PUT')],
    ['another layout', text.replace('  # second\n', '  # changed\n  # second\n')],
    ['other text in front', `# x\n${text}`],
  ])('is left alone where it has %s', (_, now) => {
    expect(closed(text, now)).toBeUndefined()
  })
})

describe('the fix of heredoc-debris', () => {
  const choice = { rule: heredocDebris.name, title: 'Remove the here-document line' }

  it('takes the line', () => {
    expectFixed(heredocDebrisPage.bad, choice, heredocDebrisPage.good)
  })

  it('keeps the newline before a last line', () => {
    expectFixed(heredocDebrisPage.bad.trimEnd(), choice, heredocDebrisPage.good)
  })

  it('takes one line at a time', () => {
    const text = `kubectl apply -f - <<EOF\n${heredocDebrisPage.bad}`
    expect(expectFixed(expectFixed(text, choice), choice, heredocDebrisPage.good)).toEqual({
      'test.yaml': heredocDebrisPage.good,
    })
  })

  it('is proved: a wrong golden text and an unknown fix are refused in words', () => {
    expect(() => expectFixed(heredocDebrisPage.bad, choice, 'x')).toThrow(
      /test\.yaml should be\nx\n--- test\.yaml is\napiVersion/,
    )
    expect(() => applyFix(heredocDebrisPage.bad, { ...choice, title: 'Nothing' })).toThrow(
      'There is: fix "Remove the here-document line".',
    )
    expect(() => applyFix(heredocDebrisPage.good, choice)).toThrow('There is: nothing.')
  })
})

it('edits an object beside here-document debris', () => {
  expect(
    renderOne(`${POLICY}EOF\n`, (find) => [
      { op: 'set', resource: find('a'), path: ['spec', 'action'], value: 'DENY' },
    ]),
  ).toBe(`${POLICY.replace('  rules:', '  action: DENY\n  rules:')}EOF\n`)
})

describe('settings', () => {
  const setting = [{ op: 'setting' as const, key: 'assumeAmbient', value: 'none' }]
  const host = (
    text: string | undefined,
    settingsFile: string | undefined = '/w/.ambient-policy.yaml',
  ) => ({
    documentText: () => undefined,
    placeOf: () => undefined,
    fileText: () => text,
    settingsFile,
  })
  const after = (text: string | undefined): string | undefined => {
    const [edit] = renderEdits(setting, host(text)) ?? []
    return edit && applyTextEdits(text ?? '', edit.edits)
  }

  it('makes the file, adds the key, and replaces its value', () => {
    expect(renderEdits(setting, host(undefined))).toMatchObject([
      { file: '/w/.ambient-policy.yaml', isNew: true },
    ])
    expect(after(undefined)).toBe('assumeAmbient: none\n')
    expect(after('# ours\nistioVersion: "1.30"\n')).toBe(
      '# ours\nistioVersion: "1.30"\nassumeAmbient: none\n',
    )
    expect(after('assumeAmbient: all # until May\n')).toBe('assumeAmbient: none # until May\n')
  })

  it('is not offered where no settings can be written', () => {
    expect(renderEdits(setting, { ...host(undefined), settingsFile: undefined })).toBeUndefined()
  })
})
