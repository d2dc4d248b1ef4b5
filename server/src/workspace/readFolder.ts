import { type Settings } from '@istio-ambient-policy/shared'
import type { Host } from '../host.js'
import { compileExclude } from './exclude.js'
import { scan } from './scan.js'
import type { ScanProblem } from './scanStep.js'
import { isManifestName, isSkippedDirectory } from './walk.js'

/** The files and problems of one slice. */
interface FolderSlice {
  readonly files: readonly { readonly file: string; readonly text: string }[]
  readonly problems: readonly ScanProblem[]
}

interface ReadFolderOptions {
  readonly host: Host
  readonly settings: Settings
  readonly signal: AbortSignal
}

/** Maximum time to read one slice, and to analyse it. */
const SLICE_MILLISECONDS = 4
/**
 * Limits of the characters in one slice. The limit is low at first, because the parser is not compiled yet, and
 * then grows as the time allows. One file can be much larger.
 */
const MIN_SLICE_LENGTH = 2_000
const MAX_SLICE_LENGTH = 16_000
const BYTES_PER_MEGABYTE = 1_000_000

/**
 * Reads the files of a folder in short slices. Other events are handled between two slices. The signal ends it
 * early.
 */
export async function* readFolder(
  folder: string,
  { host, settings, signal }: ReadFolderOptions,
): AsyncGenerator<FolderSlice, void, undefined> {
  const steps = scan(host, [folder], {
    maxFiles: settings.maxFiles,
    maxBytes: maxBytes(settings),
    isExcluded: compileExclude(settings.exclude, folder),
  })
  let maxLength = MIN_SLICE_LENGTH
  for (let done = false; !done;) {
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (signal.aborted) return
    const files: { file: string; text: string }[] = []
    const problems: ScanProblem[] = []
    const end = performance.now() + SLICE_MILLISECONDS
    let length = 0
    do {
      const step = steps.next()
      if (step.done === true) done = true
      else if (step.value.type === 'file') {
        files.push(step.value)
        length += step.value.text.length
      } else if (step.value.type === 'problem') problems.push(step.value.problem)
    } while (!done && length < maxLength && performance.now() < end)
    const analysisStart = performance.now()
    yield { files, problems }
    const isFast = performance.now() - analysisStart < SLICE_MILLISECONDS
    maxLength = isFast
      ? Math.min(maxLength * 2, MAX_SLICE_LENGTH)
      : Math.max(maxLength / 2, MIN_SLICE_LENGTH)
  }
}

/** Whether `readFolder` reads a file of the folder. */
export function isRead(folder: string, settings: Settings): (file: string) => boolean {
  const isExcluded = compileExclude(settings.exclude, folder)
  return (file) => {
    const below = file
      .slice(folder.length)
      .split('/')
      .filter((part) => part !== '')
    if (!isManifestName(file) || below.slice(0, -1).some(isSkippedDirectory)) return false
    // All files below an excluded folder are excluded.
    return !below.some((_, index) => isExcluded(`${folder}/${below.slice(0, index + 1).join('/')}`))
  }
}

/** The setting `maxFileSize` in bytes. */
export function maxBytes(settings: Settings): number {
  return settings.maxFileSize * BYTES_PER_MEGABYTE
}
