import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const CASE =
  'cases:\n  - {name: a, request: {from: shop/web, to: "service shop/api:80"}, expect: deny}\n'
const MANY = Array.from({ length: 40 }, (_, index) => `/p${index}`).join(', ')
const TEMPLATE = 'apiVersion: v1\nkind: Service\nmetadata: {name: "{{ .Values.name }}"}\n'

/** The files of a folder, and the status and the lines of standard error or output that they lead to. */
const INPUTS: Readonly<
  Record<string, readonly [files: Readonly<Record<string, string>>, status: number, line: string]>
> = {
  'unknown key of the file': [
    { 'a.access-test.yaml': `mash: deploy\n${CASE}` },
    2,
    'a.access-test.yaml:1:1 Unknown key "mash" in a test file. Did you mean "mesh"?',
  ],
  'unknown key of a case': [
    { 'a.access-test.yaml': replaceIn(CASE, ['expect: deny', 'expect: deny, policy: shop/p']) },
    2,
    'a.access-test.yaml:2:83 Unknown key "policy" in a case. Known keys: name, request, expect, by.',
  ],
  'unknown key of a request': [
    { 'a.access-test.yaml': replaceIn(CASE, ['from:', 'source: x, from:']) },
    2,
    'a.access-test.yaml:2:25 Unknown field "source" in a request.',
  ],
  'unknown key of a rule': [
    { 'a.access-test.yaml': 'rules:\n  - {name: a, never: {too: "host x"}}\n' },
    2,
    'a.access-test.yaml:2:23 Unknown key "too" in the requests of a rule. Did you mean "to"?',
  ],
  'missing mesh': [
    { 'a.access-test.yaml': `mesh: deploy\n${CASE}` },
    2,
    'a.access-test.yaml:1:7 The path FOLDER/deploy of the mesh does not exist.',
  ],
  'missing test file as a mesh': [
    { 'a.access-test.yaml': `mesh: b.access-test.yaml\n${CASE}` },
    2,
    'a.access-test.yaml:1:7 The test file "b.access-test.yaml" cannot be read.',
  ],
  'cyclic mesh': [
    {
      'a.access-test.yaml': `mesh: b.access-test.yaml\n${CASE}`,
      'b.access-test.yaml': 'mesh: a.access-test.yaml\n',
    },
    2,
    'a.access-test.yaml:1:7 The mesh is cyclic: a.access-test.yaml → b.access-test.yaml → a.access-test.yaml.',
  ],
  'mesh that is itself': [
    { 'a.access-test.yaml': `mesh: a.access-test.yaml\n${CASE}` },
    2,
    'a.access-test.yaml:1:7 The mesh is cyclic: a.access-test.yaml → a.access-test.yaml.',
  ],
  'mesh outside of the repository': [
    { 'a.access-test.yaml': `mesh: /etc\n${CASE}` },
    2,
    'a.access-test.yaml:1:7 The path /etc of the mesh is outside of the repository and of the working directory.',
  ],
  'combination explosion': [
    {
      'a.access-test.yaml': replaceIn(CASE, [
        '}, expect',
        `, http: {path: [${MANY}], method: [${MANY}]}}, expect`,
      ]),
    },
    2,
    'a.access-test.yaml:2:24 This case has 1600 requests: the limit is 1000. Write a rule with "never" or "always".',
  ],
  'template as a destination': [
    { 'a.access-test.yaml': CASE, 'service.yaml': TEMPLATE },
    0,
    'There is no Service shop/api in these files, which have templates of Service that are not rendered.',
  ],
  'template as a destination, with --strict': [
    { 'a.access-test.yaml': CASE, 'service.yaml': TEMPLATE },
    2,
    '--strict: service.yaml:1 contains a template of the kind Service: render it',
  ],
  'destination that does not exist': [
    { 'a.access-test.yaml': CASE },
    1,
    'There is no Service shop/api in these files.',
  ],
  'invalid YAML': [
    { 'a.access-test.yaml': 'cases: [' },
    2,
    'a.access-test.yaml:1:9 Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  'empty file': [
    { 'a.access-test.yaml': '' },
    2,
    'a.access-test.yaml:1:1 This test file has no tests.',
  ],
}

const folders: (() => void)[] = []
afterAll(() => {
  for (const remove of folders) remove()
})

it.each(Object.entries(INPUTS))('%s', async (name, [files, expected, line]) => {
  const { folder, run, remove } = createCliFolder({ ...files, '.git/HEAD': '' })
  folders.push(remove)
  const strict = name.includes('--strict') ? ['--strict'] : []
  const { status, out, errors } = await run(['test', ...strict])
  const lines = [...errors, ...out.split('\n').map((text) => text.trim())]
  expect(lines.join('\n')).toContain(line.replace('FOLDER', folder))
  expect(status).toBe(expected)
  expect(out).not.toMatch(/passed {2}a/)
})
