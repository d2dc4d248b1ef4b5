import { isBuildFile } from '@istio-ambient-policy/shared'
import type { Host } from '../host.js'
import { decodeText } from './decodeText.js'
import { failedStep, notice, type ScanStep } from './scanStep.js'
import { walk, type WalkOptions } from './walk.js'

export interface ScanOptions extends WalkOptions {
  /** Larger files are not read. */
  readonly maxBytes: number
}

/** How many files a limit's message names. */
const NAMED = 3

/**
 * Lists and reads the YAML and JSON files below some paths, one directory or file a step, so that it can run to its end or in slices. Never throws for
 * the file system's sake. Files that speak of others (kustomizations, charts) come first: then no file has to be read again for them.
 *
 * @param paths absolute, with `/`; a file that is named is read whatever its extension, and one that does not exist is passed over.
 */
export function* scan(
  host: Host,
  paths: readonly string[],
  options: ScanOptions,
): Generator<ScanStep, void, undefined> {
  const files = yield* walk(host, paths, options)
  const tooLarge: string[] = []
  for (const file of [
    ...files.filter(isBuildFile),
    ...files.filter((file) => !isBuildFile(file)),
  ]) {
    for (const step of readSteps(host, file, options.maxBytes)) {
      if (step === TOO_LARGE) tooLarge.push(file)
      yield step
    }
  }
  const [first] = tooLarge
  if (first !== undefined) yield notice(first, largeFilesMessage(tooLarge, options.maxBytes))
}

const TOO_LARGE: ScanStep = { type: 'listed' }

/** Reads one file: its text, and what is to be told of it. */
function readSteps(host: Host, file: string, maxBytes: number): ScanStep[] {
  try {
    const bytes = host.readFile(file, maxBytes)
    if (bytes === 'too-large') return [TOO_LARGE]
    const { text, notice: told } = decodeText(bytes)
    return [
      ...(told === undefined ? [] : [notice(file, told)]),
      ...(text === undefined ? [] : [{ type: 'file' as const, file, text }]),
    ]
  } catch (error) {
    return [failedStep(file, error)]
  }
}

function largeFilesMessage(files: readonly string[], maxBytes: number): string {
  const limit = `is larger than ${Number((maxBytes / 1_000_000).toPrecision(3))} MB and was not read (setting maxFileSize)`
  if (files.length === 1) return limit
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : ''
  return `${limit}; so are ${files.slice(1, NAMED).join(', ')}${more}`
}
