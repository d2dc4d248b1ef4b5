import { expect, it } from 'vitest'
import { Analysis } from '../analysis/analysis.js'
import { LazyFinding, withChanges, type Finding } from './finding.js'
import { docsOf } from './docsOf.js'
import { unknownServiceAccount } from './identity/unknown-service-account.js'

const FIELDS = {
  rule: 'a',
  level: 'error',
  message: 'm',
  place: { kind: 'document', file: 'f', document: 0, span: { start: 0, end: 1 } },
  related: [],
  assumptions: [],
  tag: undefined,
} as const
const FIX = { title: 't', preferred: true, safe: false, edits: [] }

it('a finding creates its fixes at each access, and not before', () => {
  let made = 0
  const finding = new LazyFinding(FIELDS, () => [{ ...FIX, title: String(++made) }])
  const other = withChanges(finding, { level: 'hint' })
  expect(made).toBe(0)
  expect([other.level, other.message, other.fixes, finding.fixes, made]).toEqual([
    'hint',
    'm',
    [{ ...FIX, title: '1' }],
    [{ ...FIX, title: '2' }],
    2,
  ])
})

it('a finding has the same fixes at every level', () => {
  const findings = (level: 'hint' | undefined): Finding[] => {
    const { name } = unknownServiceAccount
    const { bad } = docsOf(unknownServiceAccount)
    const analysis = new Analysis({
      settings: {},
      world: 'open',
      levels: level ? { [name]: level } : {},
      readText: () => bad,
    })
    analysis.update([{ file: 'test.yaml', text: bad }])
    return analysis.findingsOf('test.yaml')
  }
  expect(findings('hint').map(({ level, fixes }) => [level, fixes.length])).toEqual([['hint', 1]])
  expect(
    findings('hint').map(({ fixes, message, place }) => [
      fixes.map(({ title }) => title),
      message,
      'path' in place ? place.path : [],
    ]),
  ).toEqual(
    findings(undefined).map(({ fixes, message, place }) => [
      fixes.map(({ title }) => title),
      message,
      'path' in place ? place.path : [],
    ]),
  )
})
