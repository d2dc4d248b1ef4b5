import {
  meshPathsOf,
  readTestFile,
  runTests,
  type AccessTest,
  type TestFileProblem,
  type TestResult,
} from '@istio-ambient-policy/shared'
import { HostError, NOT_REGULAR } from '../../host.js'
import { isWithin, readContained } from '../../workspace/containedFile.js'
import { repositoryOf } from '../../workspace/settingsFile.js'
import { asSingleMesh, type InputOptions } from '../inputs.js'
import { CommandFailure, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import type { NotRead } from '../notRead.js'
import { displayPath } from '../paths.js'
import { inputText } from '../readInput.js'
import {
  reportCoverage,
  reportMutants,
  reportTest,
  type ReportedCoverage,
  type ReportedMutants,
  type ReportedProblem,
  type ReportedTestFile,
  type TestReport,
} from './testReport.js'

const MAX_BYTES = 10_000_000

export interface RunOptions extends InputOptions {
  readonly coverage?: boolean
  readonly mutants?: boolean
  /** Receives the paths of each mesh before it is read. */
  readonly onMesh?: (paths: readonly string[]) => void
}

/** A test file that can be run. */
interface ReadyFile {
  readonly file: string
  readonly mesh: readonly string[]
  readonly tests: readonly AccessTest[]
}

export interface RanTests {
  readonly report: TestReport
  /** Whether a file of a mesh could not be read. */
  readonly incomplete: boolean
  readonly notRead: readonly NotRead[]
}

/** Runs test files. Files with the same mesh are run together. */
export async function runTestFiles(
  io: CliIo,
  files: readonly string[],
  options: RunOptions,
): Promise<RanTests> {
  const problems: ReportedProblem[] = []
  const byMesh = new Map<string, ReadyFile[]>()
  for (const file of files) {
    const { ready, found } = readFile(io, file)
    problems.push(...found.map((each) => ({ file: displayPath(io.cwd, file), ...each })))
    if (!ready) continue
    const key = ready.mesh.join('\n')
    byMesh.set(key, [...(byMesh.get(key) ?? []), ready])
  }
  const reported: ReportedTestFile[] = []
  const coverage: ReportedCoverage[] = []
  const mutants: ReportedMutants[] = []
  const notRead: NotRead[] = []
  const summary = { passed: 0, failed: 0, skipped: 0 }
  let incomplete = false
  for (const together of byMesh.values()) {
    const paths = together[0]?.mesh ?? []
    options.onMesh?.(paths)
    const loaded = await loadOneMesh(io, asSingleMesh(io, paths, options))
    const mesh = paths.map((path) => displayPath(io.cwd, path))
    incomplete ||= loaded.incomplete
    notRead.push(...loaded.notRead)
    const all: TestResult[] = []
    for (const { file, tests } of together) {
      io.onWork?.(`running ${displayPath(io.cwd, file)}`)
      const results = runTests(loaded.analysis.mesh, tests)
      for (const { status } of results) summary[status]++
      all.push(...results)
      reported.push({
        file: displayPath(io.cwd, file),
        mesh,
        tests: results.map((result) => reportTest(result, loaded)),
      })
    }
    if (options.coverage === true) coverage.push(reportCoverage(mesh, all, loaded))
    if (options.mutants === true)
      mutants.push(
        reportMutants(
          mesh,
          together.flatMap(({ tests }) => tests),
          loaded,
        ),
      )
  }
  return {
    report: {
      files: reported.sort((a, b) => (a.file < b.file ? -1 : 1)),
      problems,
      summary,
      ...(options.coverage === true ? { coverage } : {}),
      ...(options.mutants === true ? { mutants } : {}),
    },
    incomplete,
    notRead,
  }
}

/** The tests of a file, or the problems why it is not run. */
function readFile(
  io: CliIo,
  file: string,
): { ready: ReadyFile | undefined; found: readonly TestFileProblem[] } {
  const { testFile, problems } = readTestFile(textOfTestFile(io, file))
  const mesh = meshPathsOf(file, testFile, {
    text: (other) => textOf(io, other),
    whyNot: (path) => whyNotRead(io, file, path),
  })
  const found = [...problems, ...mesh.problems]
  return found.length > 0
    ? { ready: undefined, found }
    : { ready: { file, mesh: mesh.paths, tests: testFile.tests }, found }
}

/** The text of a test file. Throws a `CommandFailure` if it cannot be read. */
function textOfTestFile(io: CliIo, file: string): string {
  try {
    const bytes = readContained(io.host, file, {
      root: repositoryOf(io.host, file),
      maxBytes: MAX_BYTES,
    })
    if (bytes !== 'too-large') return inputText(displayPath(io.cwd, file), bytes)
    throw new CommandFailure(
      `${displayPath(io.cwd, file)} is larger than ${MAX_BYTES / 1_000_000} MB`,
    )
  } catch (error) {
    if (error instanceof HostError)
      throw new CommandFailure(`${displayPath(io.cwd, file)} ${error.message}`)
    throw error
  }
}

function textOf(io: CliIo, file: string): string | undefined {
  try {
    return textOfTestFile(io, file)
  } catch (error) {
    if (error instanceof CommandFailure) return undefined
    throw error
  }
}

/** The author of a test file can be a stranger: it names no path outside of its repository and the working directory. */
function whyNotRead(io: CliIo, testFile: string, path: string): string | undefined {
  try {
    if (io.host.kindOf(path) === 'other') return NOT_REGULAR
    const roots = [repositoryOf(io.host, testFile), io.cwd]
    const real = io.host.realPath(path)
    return roots.some((root) => isWithin(real, io.host.realPath(root)))
      ? undefined
      : 'is outside of the repository and of the working directory'
  } catch (error) {
    if (error instanceof HostError) return error.message
    throw error
  }
}
