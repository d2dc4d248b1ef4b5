import { isTestFile, TEST_FILE_ENDING } from '@istio-ambient-policy/shared'
import { walk } from '../../workspace/walk.js'
import { kindOfArgument } from '../argument.js'
import { CommandFailure, type CliIo } from '../io.js'
import { absolutePath, displayPath } from '../paths.js'

const MOST_FILES = 10_000

/** The test files of some paths, each once. Throws a `CommandFailure` if a path has none. */
export function findTestFiles(io: CliIo, paths: readonly string[]): string[] {
  if (paths.includes('-')) throw new CommandFailure('test files cannot be read from standard input')
  return [...new Set(paths.flatMap((path) => filesAt(io, absolutePath(io.cwd, path))))].sort()
}

function filesAt(io: CliIo, path: string): readonly string[] {
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
    if (step.value.type === 'problem')
      io.warn(`${displayPath(io.cwd, step.value.problem.path)} ${step.value.problem.message}`)
  }
}
