import { isTestFile, TEST_FILE_ENDING } from '@istio-ambient-policy/shared'
import { walk } from '../../workspace/walk.js'
import { problemInWords, type ScanProblem } from '../../workspace/scanStep.js'
import { EMPTY_PATH, kindOfArgument } from '../argument.js'
import { CommandFailure, type CliIo } from '../io.js'
import { notReadFiles, type NotRead } from '../notRead.js'
import { absolutePath, displayPath } from '../paths.js'

const MOST_FILES = 10_000

interface FoundTestFiles {
  /** Each path once. */
  readonly files: readonly string[]
  /** Links out of a folder, pipes and devices with the name of a test file. */
  readonly notRead: readonly NotRead[]
}

/** The test files of some paths. Throws a `CommandFailure` if a path has none. */
export function findTestFiles(io: CliIo, paths: readonly string[]): FoundTestFiles {
  if (paths.includes('-')) throw new CommandFailure('test files cannot be read from standard input')
  if (paths.includes('')) throw new CommandFailure(EMPTY_PATH)
  const problems: ScanProblem[] = []
  const files = paths.flatMap((path) => filesAt(io, absolutePath(io.cwd, path), problems))
  return { files: [...new Set(files)].sort(), notRead: notReadFiles(problems) }
}

function filesAt(io: CliIo, path: string, problems: ScanProblem[]): readonly string[] {
  const shown = displayPath(io.cwd, path)
  if (kindOfArgument(io, path) !== 'directory') {
    if (isTestFile(path)) return [path]
    throw new CommandFailure(`${shown} is no test file: its name must end with ${TEST_FILE_ENDING}`)
  }
  const steps = walk(io.host, [path], {
    maxFiles: MOST_FILES,
    isExcluded: () => false,
    isWanted: isTestFile,
  })
  for (;;) {
    const step = steps.next()
    if (step.done === true) {
      if (step.value.length > 0) return step.value.map((location) => location.path)
      throw new CommandFailure(`${shown} has no test files (*${TEST_FILE_ENDING})`)
    }
    if (step.value.type === 'problem') {
      const { problem } = step.value
      problems.push(problem)
      io.warn(problemInWords(problem, (each) => displayPath(io.cwd, each)))
    }
  }
}
