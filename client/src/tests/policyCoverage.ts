import type { CoveredClause } from '@istio-ambient-policy/shared'
import {
  FileCoverage,
  StatementCoverage,
  TestCoverageCount,
  Uri,
  type Range,
  type TestItem,
} from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'

/** A rule of a policy, or an ALLOW policy without a matching rule, with the tests whose requests it decides. */
interface Clause {
  readonly range: Range
  readonly tests: Set<TestItem>
}

/** A file with policies. Its clauses are the statements. */
class PolicyFile extends FileCoverage {
  readonly clauses: readonly Clause[]

  constructor(uri: Uri, clauses: readonly Clause[]) {
    const covered = clauses.filter(({ tests }) => tests.size > 0).length
    const tests = new Set(clauses.flatMap((clause) => [...clause.tests]))
    super(uri, new TestCoverageCount(covered, clauses.length), undefined, undefined, [...tests])
    this.clauses = clauses
  }
}

/** The coverage of the policies by all test files of a run. */
export class PolicyCoverage {
  readonly #files = new Map<string, Map<string, Clause>>()

  /** Adds what the tests of one file cover. */
  add(
    clauses: readonly CoveredClause[],
    items: readonly TestItem[],
    converter: Pick<BaseLanguageClient['protocol2CodeConverter'], 'asRange'>,
  ): void {
    for (const { uri, range, policy, rule, cases } of clauses) {
      const file = this.#files.get(uri) ?? new Map<string, Clause>()
      this.#files.set(uri, file)
      const key = JSON.stringify([policy, rule, range])
      const clause = file.get(key) ?? { range: converter.asRange(range), tests: new Set() }
      file.set(key, clause)
      for (const item of items) if (cases.includes(item.id)) clause.tests.add(item)
    }
  }

  files(): FileCoverage[] {
    return [...this.#files].map(
      ([uri, clauses]) => new PolicyFile(Uri.parse(uri, true), [...clauses.values()]),
    )
  }
}

/** The clauses of a file, with the number of tests that they decide; with an item, only that test counts. */
export function detailsOf(file: FileCoverage, item?: TestItem): StatementCoverage[] {
  if (!(file instanceof PolicyFile)) return []
  return file.clauses.map(
    ({ range, tests }) => new StatementCoverage(item ? tests.has(item) : tests.size, range),
  )
}
