import { lineStartsOf, rangeOf, type LineStarts, type Range } from '../text/lineIndex.js'
import { quoted } from '../text/words.js'
import type { YamlEntry, YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { readRequests } from './caseRequests.js'
import { FieldReader } from './fieldReader.js'
import { readClients, readHttp, readTargets } from './selectors.js'
import type { AccessCase, AccessRule, AccessTest, RequestSelection, TestFile } from './testFile.js'

/** A problem of a test file. A file with a problem is not run. */
export interface TestFileProblem {
  readonly message: string
  readonly range: Range
}

export interface ReadTestFile {
  /** What could be read. */
  readonly testFile: TestFile
  readonly problems: readonly TestFileProblem[]
}

export const FILE_KEYS = ['mesh', 'cases', 'rules'] as const
export const CASE_KEYS = ['name', 'request', 'expect', 'by'] as const
export const RULE_KEYS = ['name', 'never', 'always', 'through'] as const
export const SELECTION_KEYS = ['from', 'notFrom', 'to', 'http'] as const
export const VERDICTS = ['allow', 'deny', 'undecided'] as const

const NAME = 'the name of a test'
const POLICY = /^[^/\s]+\/[^/\s]+$/
const EMPTY: TestFile = { mesh: [], tests: [] }

/** Reads the text of a test file. Never throws. */
export function readTestFile(text: string): ReadTestFile {
  const { root, problems: syntax } = parseYaml(text)
  const lineStarts = lineStartsOf(text)
  const reader = new FieldReader()
  for (const { span, message } of syntax) reader.report(span, message)
  const testFile = root ? new TestFileReader(reader, lineStarts).file(root) : EMPTY
  if (!root && syntax.length === 0)
    reader.report({ start: 0, end: 0 }, 'This test file has no tests.')
  return {
    testFile,
    problems: reader.problems.map(({ message, span }) => ({
      message,
      range: rangeOf(lineStarts, span),
    })),
  }
}

class TestFileReader {
  readonly #reader: FieldReader
  readonly #lineStarts: LineStarts
  readonly #names = new Set<string>()

  constructor(reader: FieldReader, lineStarts: LineStarts) {
    this.#reader = reader
    this.#lineStarts = lineStarts
  }

  file(root: YamlNode): TestFile {
    const reader = this.#reader
    const fields = reader.fields(root, { what: 'a test file', keys: FILE_KEYS })
    if (!fields) return EMPTY
    const mesh = fields.get('mesh')
    const tests = [
      ...this.#list(fields.get('cases'), (node) => this.#case(node)),
      ...this.#list(fields.get('rules'), (node) => this.#rule(node)),
    ]
    if (
      root.type === 'map' &&
      !root.entries.some(({ key }) => FILE_KEYS.some((known) => known === key))
    )
      reader.report({ start: root.start, end: root.start }, 'This test file has no tests.')
    return {
      mesh: mesh
        ? reader.items(mesh.value, '"mesh"').flatMap((item) => {
            const path = reader.text(item, 'a path of "mesh"')
            return path === undefined ? [] : [{ path, range: rangeOf(this.#lineStarts, item) }]
          })
        : [],
      tests: tests.sort((a, b) => a.range.start.line - b.range.start.line),
    }
  }

  #list<T>(entry: YamlEntry | undefined, read: (node: YamlNode) => T | undefined): T[] {
    if (!entry) return []
    if (entry.value.type === 'seq') return entry.value.items.flatMap((item) => read(item) ?? [])
    this.#reader.report(entry.keySpan, `The key "${entry.key}" must be a list.`)
    return []
  }

  #name(entry: YamlEntry | undefined): Pick<AccessTest, 'name' | 'range'> | undefined {
    const name = entry && this.#reader.text(entry.value, NAME)
    if (!entry || name === undefined) return undefined
    if (this.#names.has(name)) {
      this.#reader.report(entry.value, `Another test has the name ${quoted(name)}.`)
      return undefined
    }
    this.#names.add(name)
    return { name, range: rangeOf(this.#lineStarts, entry.value) }
  }

  #case(node: YamlNode): AccessCase | undefined {
    const reader = this.#reader
    const fields = reader.fields(node, {
      what: 'a case',
      keys: CASE_KEYS,
      required: ['name', 'request', 'expect'],
    })
    const named = this.#name(fields?.get('name'))
    const request = fields?.get('request')
    const expected = fields?.get('expect')
    const requests = request && readRequests(reader, request.value)
    const expect = expected && reader.oneOf(expected.value, '"expect"', VERDICTS)
    const by = fields?.get('by')
    const policy = by && reader.text(by.value, '"by"')
    if (by && policy !== undefined && !POLICY.test(policy))
      reader.report(by.value, '"by" must be NAMESPACE/NAME of a policy.')
    return named && requests && expect
      ? { kind: 'case', ...named, requests, expect, by: policy }
      : undefined
  }

  #rule(node: YamlNode): AccessRule | undefined {
    const reader = this.#reader
    const fields = reader.fields(node, { what: 'a rule', keys: RULE_KEYS, required: ['name'] })
    if (!fields) return undefined
    const named = this.#name(fields.get('name'))
    const [never, always] = [fields.get('never'), fields.get('always')]
    const claim = never ?? always
    const isTwice = never !== undefined && always !== undefined
    const has =
      node.type === 'map' && node.entries.some(({ key }) => key === 'never' || key === 'always')
    if (isTwice || (!claim && !has))
      reader.report(
        fields.get('name')?.keySpan ?? { start: node.start, end: node.start + 1 },
        'A rule needs either "never" or "always".',
      )
    const selection = claim && this.#selection(claim.value)
    const proxy = fields.get('through')
    const through = proxy && reader.oneOf(proxy.value, '"through"', ['waypoint'])
    return named && claim && selection
      ? { kind: 'rule', ...named, claim: never ? 'never' : 'always', selection, through }
      : undefined
  }

  #selection(node: YamlNode): RequestSelection | undefined {
    const reader = this.#reader
    const fields = reader.fields(node, {
      what: 'the requests of a rule',
      keys: SELECTION_KEYS,
    })
    if (!fields) return undefined
    const [from, notFrom, to, http] = SELECTION_KEYS.map((key) => fields.get(key)?.value)
    return {
      from: from ? readClients(reader, from, '"from"') : [],
      notFrom: notFrom ? readClients(reader, notFrom, '"notFrom"') : [],
      to: to ? readTargets(reader, to) : [],
      http: http && readHttp(reader, http),
    }
  }
}
