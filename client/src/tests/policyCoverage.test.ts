import { expect, it, vi } from 'vitest'
import type { TestItem } from 'vscode'

vi.mock('vscode', () => ({
  FileCoverage: class {
    readonly uri: string
    readonly statements: unknown
    readonly includesTests: unknown
    constructor(...args: readonly [string, unknown, unknown, unknown, unknown]) {
      ;[this.uri, this.statements, , , this.includesTests] = args
    }
  },
  TestCoverageCount: class {
    readonly covered: number
    readonly total: number
    constructor(covered: number, total: number) {
      this.covered = covered
      this.total = total
    }
  },
  StatementCoverage: class {
    readonly executed: unknown
    readonly location: unknown
    constructor(executed: unknown, location: unknown) {
      this.executed = executed
      this.location = location
    }
  },
  Uri: { parse: (text: string) => text },
}))
// Another test has imported it with its own classes of VS Code.
vi.resetModules()
const { detailsOf, PolicyCoverage } = await import('./policyCoverage.js')

const item = (id: string): TestItem => ({ id }) as TestItem
const converter = { asRange: (range: unknown) => range } as never

function clause(rule: number | null, line: number, cases: readonly string[], file = 'p') {
  const range = { start: { line, character: 0 }, end: { line, character: 1 } }
  return { uri: `file:///${file}.yaml`, range, policy: 'shop/p', rule, cases }
}

it('the clauses of a file are covered by the tests of all test files', () => {
  const coverage = new PolicyCoverage()
  const [a, b, other] = [item('a'), item('b'), item('a')]
  coverage.add(
    [clause(0, 5, ['a', 'b']), clause(1, 6, ['b']), clause(null, 2, []), clause(0, 1, [], 'q')],
    [a, b],
    converter,
  )
  coverage.add([clause(0, 5, ['a']), clause(1, 6, []), clause(null, 2, [])], [other], converter)
  const [file, unused, ...others] = coverage.files()
  if (!file || !unused) throw new Error('There are two files.')
  expect(others).toEqual([])
  expect(file).toMatchObject({
    uri: 'file:///p.yaml',
    statements: { covered: 2, total: 3 },
    includesTests: [a, b, other],
  })
  expect(unused).toMatchObject({ statements: { covered: 0, total: 1 }, includesTests: [] })
  const executed = (test?: TestItem) => detailsOf(file, test).map((detail) => detail.executed)
  expect(executed()).toEqual([3, 1, 0])
  expect(executed(a)).toEqual([true, false, false])
  expect(executed(other)).toEqual([true, false, false])
  expect(detailsOf(file).map(({ location }) => location)).toMatchObject([
    { start: { line: 5 } },
    { start: { line: 6 } },
    { start: { line: 2 } },
  ])
})

it('coverage of another extension has no details', () => {
  expect(detailsOf({} as never)).toEqual([])
})
