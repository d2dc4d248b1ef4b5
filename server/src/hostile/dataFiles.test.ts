import { afterAll, expect, it } from 'vitest'
import { readActionInputs } from '../action/actionInputs.js'
import { createCliFolder } from '../cli/testing/cliFolder.js'
import { MESH } from '../cli/testing/commandMesh.js'

const { run, write, remove } = createCliFolder({ 'mesh/a.yaml': MESH })
afterAll(remove)

const deep = (open: string, close: string): string =>
  `${open.repeat(20_000)}${close.repeat(20_000)}`

/** Texts that are no baseline, no file of requests, no dump and no policy test. */
const TEXTS: Readonly<Record<string, string | Uint8Array>> = {
  'not JSON': '{',
  'a text': '"x"',
  'a number': '1e999',
  'a list of numbers': '[1]',
  'a list in a list': '[[[]]]',
  'a list of null': '[null]',
  'special names': '{"__proto__": {"version": 1}, "constructor": []}',
  'wrong types': '{"version": "1", "findings": {}, "workloads": 1, "policies": "x", "cases": 2}',
  'wrong items':
    '{"version": 1, "findings": [1, null, {"rule": 1}], "workloads": [{"name": 1}], "cases": [{"name": []}]}',
  'a workflow command': '::error::x\n##[add-mask]x',
  'an escape sequence': '\u001b[2J{',
  'deep lists': deep('[', ']'),
  'deep mappings': deep('{"a":', '}'),
  'a long line': 'x'.repeat(200_000),
  'many lines': '[1]\n'.repeat(2_000),
  'not UTF-8': Uint8Array.from([0, 255, 254]),
  'UTF-16': Uint8Array.from([255, 254, 123, 0, 125, 0]),
}

/** The ways to give such a file to the program. */
const READERS: Readonly<Record<string, readonly [file: string, args: readonly string[]]>> = {
  'a baseline': ['x.json', ['check', '--baseline', 'x.json', 'mesh']],
  'a settings file': ['x.yaml', ['check', '--settings', 'x.yaml', 'mesh']],
  'a file of requests': ['x.jsonl', ['evaluate', '--requests', 'x.jsonl', 'mesh']],
  'requests for both sides': ['x.jsonl', ['diff', 'mesh', 'mesh', '--requests', 'x.jsonl']],
  'a dump': ['x.json', ['compare', 'x.json', 'mesh']],
  'a log': ['x.log', ['why', 'x.log', 'mesh']],
  'a policy test': ['x.access-test.yaml', ['test', 'x.access-test.yaml']],
}

it.each(Object.entries(READERS))('%s that is none is named, and is not used', async (_, reader) => {
  const [file, args] = reader
  for (const [name, text] of Object.entries(TEXTS)) {
    write(file, text)
    const { status, errors } = await run(args, { workflow: true })
    expect({ name, status, isNamed: errors.some((line) => line.includes(file)) }).toEqual({
      name,
      status: 2,
      isNamed: true,
    })
    expect(errors.join('\n')).not.toMatch(/internal error|^::|##\[|\u001b/m)
  }
})

it.each([
  ['DIFF-BASE', ['--upload-pack=x', '-x', 'a b', 'a;b', '$(x)', 'a\nb', '::error::', '\u202ea']],
  ['STRICT', ['yes', '1', 'TRUE', 'true\nfalse', '::error::']],
])('the input %s of the action is refused', (name, values) => {
  for (const value of values)
    expect(() => readActionInputs({ [`INPUT_${name}`]: value })).toThrow(/^the input /)
})
