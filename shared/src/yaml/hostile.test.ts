import { expect, it } from 'vitest'
import { hostileFiles } from '../../../test-fixtures/hostile/inputs.mjs'
import type { Analysis } from '../analysis/analysis.js'
import { analyse, findingsOf, replaceIn } from '../testing/index.js'

const decode = (content: string | Uint8Array): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(content)
const inputs = new Map(
  // The benchmark reads them in their full sizes.
  [...hostileFiles({ big: false, divisor: 10 })].map(([file, content]) => [
    replaceIn(file, ['.yaml', '']),
    decode(content),
  ]),
)

/** The objects of the files, as `Type/name`, and the messages about their YAML. */
function answer(analysis: Analysis): { readonly objects: string[]; readonly problems: string[] } {
  const facts = [...analysis.files.values()].flatMap(({ documents }) =>
    documents.map((document) => document.facts),
  )
  return {
    objects: facts.flatMap(({ resources }) => resources.map(({ type, name }) => `${type}/${name}`)),
    problems: [...new Set(facts.flatMap(({ problems }) => problems.map(({ message }) => message)))],
  }
}

const POD = 'Pod/p'
const AFTER = 'AuthorizationPolicy/after'
const DEEP = ['This document is not read: it is nested too deeply.']
const LARGE = ['This document is not read: it is too large.']
const ALIASES = ['The aliases of this document expand to too many values.']

/**
 * The objects and the first message for every input. The document `after` at the end of each file is
 * always read.
 */
const ANSWERS: Readonly<
  Record<
    string,
    { readonly objects: readonly string[]; readonly problems?: readonly (string | RegExp)[] }
  >
> = {
  'alias-bomb': { objects: [POD, AFTER], problems: ALIASES },
  'alias-bomb-ignored': { objects: [AFTER] },
  'merge-chain': { objects: [POD, AFTER], problems: [/expand to too many values/] },
  'anchors-20000': { objects: [POD, AFTER] },
  'aliases-20000': { objects: [POD, AFTER], problems: ALIASES },
  'unknown-aliases': {
    objects: [POD, AFTER],
    problems: [/^Alias "\*a0" has no anchor before it\.$/],
  },
  'self-alias': { objects: [POD, AFTER], problems: ['Alias "*x" has no anchor before it.'] },
  'deep-flow-1000': { objects: [AFTER], problems: DEEP },
  'deep-flow-10000': { objects: [AFTER], problems: DEEP },
  'deep-block-1000': { objects: [AFTER], problems: DEEP },
  'deep-sequence-10000': { objects: [AFTER], problems: DEEP },
  'deep-block-10000': { objects: [AFTER], problems: LARGE },
  'deep-json': { objects: [AFTER], problems: DEEP },
  'deep-lock': { objects: [AFTER] },
  'flow-one-line': { objects: [POD, AFTER] },
  'flow-marks': { objects: [AFTER], problems: LARGE },
  brackets: { objects: [AFTER], problems: LARGE },
  'list-json': {
    objects: [...Array.from({ length: 300 }, (_, index) => `Pod/p${index}`), AFTER],
  },
  'unclosed-flow': { objects: [POD, AFTER], problems: [/^Flow sequence/] },
  'unclosed-flow-100000': { objects: [AFTER], problems: DEEP },
  'unclosed-quote': {
    objects: [POD, AFTER],
    problems: [/^The closing double quote is missing\.$/],
  },
  'unclosed-quote-1mb': {
    objects: [POD, AFTER],
    problems: [/^The closing double quote is missing\.$/],
  },
  tabs: { objects: [POD, AFTER], problems: [/^Tabs are not allowed as indentation\.$/] },
  'tabs-200000': { objects: [AFTER], problems: LARGE },
  'tabs-many': { objects: [POD, AFTER], problems: [/^Tabs are not allowed as indentation\.$/] },
  'tab-values': { objects: [POD, AFTER] },
  nul: { objects: [POD, AFTER] },
  'lone-surrogate': { objects: [POD, AFTER] },
  'duplicate-keys': {
    objects: [POD, AFTER],
    problems: ['Duplicate key "x": only the last one counts.'],
  },
  'conflict-markers': {
    objects: [POD, AFTER],
    problems: ['Unresolved merge conflict.'],
  },
  'documents-100000': {
    objects: Array.from({ length: 25_000 }, () => 'ServiceAccount/'),
    problems: ['The rest of this file is not read: it has more than 25000 documents.'],
  },
  'empty-documents-100000': { objects: [AFTER] },
  'end-markers': { objects: [AFTER] },
  'comments-5mb': { objects: [POD, AFTER] },
  'blank-lines': { objects: [POD, AFTER] },
  spaces: { objects: [POD, AFTER] },
  colons: { objects: [POD, AFTER], problems: [/^A value is followed by a second colon/] },
  questions: { objects: [AFTER], problems: [/./] },
  tags: { objects: [POD, AFTER], problems: [/./] },
  kinds: { objects: [AFTER] },
  'template-braces': { objects: [POD, AFTER] },
  pipes: { objects: [AFTER] },
  dollars: { objects: [POD, AFTER] },
  hashes: { objects: [POD, AFTER] },
  'keys-50000': { objects: [POD, AFTER] },
  'keys-50000-ignored': { objects: [AFTER] },
  'too-large': { objects: [POD, AFTER] },
  'broken-lines': { objects: [POD, AFTER], problems: [/./] },
  heredocs: { objects: [POD, AFTER] },
  suppressions: { objects: [POD, AFTER] },
  helm: { objects: [AFTER] },
  'helm-inline': { objects: [AFTER] },
  proto: { objects: [POD, AFTER] },
  'indented-root': { objects: [POD, AFTER] },
  'quoted-kind': { objects: [POD, AFTER] },
  'question-kind': { objects: [POD, AFTER] },
  list: { objects: [POD, AFTER] },
  'list-of-lists': { objects: [POD, AFTER] },
  json: { objects: [POD, AFTER] },
  markers: { objects: [POD, AFTER] },
  'alias-across': { objects: [POD, AFTER], problems: ['Alias "*a" has no anchor before it.'] },
  'wrong-types': { objects: ['Pod/', 'AuthorizationPolicy/', 'PeerAuthentication/1', AFTER] },
  nulls: { objects: ['AuthorizationPolicy/', 'Service/', AFTER] },
  'principals-20000': { objects: ['AuthorizationPolicy/many', AFTER] },
  'lone-cr': { objects: [POD, AFTER] },
  crlf: { objects: [POD, AFTER] },
  bom: { objects: [POD, AFTER] },
  'invalid-utf8': { objects: [POD, AFTER] },
  jsonnet: { objects: [] },
  utf16le: { objects: [] },
  binary: { objects: [] },
}

it('every hostile input has an expected result', () => {
  expect(Object.keys(ANSWERS).sort()).toEqual([...inputs.keys()].sort())
})

it.each([...inputs])('the hostile input %s is read without a crash', (name, text) => {
  const analysis = analyse({ [`${name}.yaml`]: text })
  const { objects, problems } = answer(analysis)
  const expected = ANSWERS[name]
  expect(objects).toEqual(expected?.objects)
  const [message] = problems
  const [wanted] = expected?.problems ?? []
  if (wanted instanceof RegExp) expect(message).toMatch(wanted)
  else expect(message).toBe(wanted)
  const findings = findingsOf(analysis)
  expect(findings.filter(({ place }) => analysis.locate(place) === undefined)).toEqual([])
  expect(
    findings.filter(
      (finding) =>
        /^(?:This document|The rest of this file) is not read/.test(finding.message) &&
        !(finding.rule === 'yaml-syntax' && finding.level === 'information'),
    ),
  ).toEqual([])
})
