import { type Settings } from '@istio-ambient-policy/shared'
import type { Host } from '../host.js'
import { compileExclude } from './exclude.js'
import { scan } from './scan.js'
import type { ScanProblem } from './scanStep.js'
import { isManifestName, isSkippedDirectory } from './walk.js'

/** What one slice of reading a folder brought. */
interface FolderSlice {
  readonly files: readonly { readonly file: string; readonly text: string }[]
  readonly problems: readonly ScanProblem[]
}

interface ReadFolderOptions {
  readonly host: Host
  readonly settings: Settings
  readonly signal: AbortSignal
}

/** Time for listing and reading in one slice, and again for what is done with it. */
const SLICE_MILLISECONDS = 4
/** Characters in one slice: few at first, while the code that parses them is cold, then as many as go well into the time; one file may be much larger. */
const LEAST_LENGTH = 2_000
const MOST_LENGTH = 16_000
const BYTES_PER_MEGABYTE = 1_000_000

/** Reads the files of a folder in short slices and hands the event loop back between them. Ends early where the signal says so. */
export async function* readFolder(
  folder: string,
  { host, settings, signal }: ReadFolderOptions,
): AsyncGenerator<FolderSlice, void, undefined> {
  const steps = scan(host, [folder], {
    maxFiles: settings.maxFiles,
    maxBytes: maxBytes(settings),
    isExcluded: compileExclude(settings.exclude, folder),
  })
  let longest = LEAST_LENGTH
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
    } while (!done && length < longest && performance.now() < end)
    const given = performance.now()
    yield { files, problems }
    const fits = performance.now() - given < SLICE_MILLISECONDS
    longest = fits ? Math.min(longest * 2, MOST_LENGTH) : Math.max(longest / 2, LEAST_LENGTH)
  }
}

/** Whether `readFolder` comes across a file that lies in the folder. */
export function isRead(folder: string, settings: Settings): (file: string) => boolean {
  const isExcluded = compileExclude(settings.exclude, folder)
  return (file) => {
    const below = file
      .slice(folder.length)
      .split('/')
      .filter((part) => part !== '')
    if (!isManifestName(file) || below.slice(0, -1).some(isSkippedDirectory)) return false
    // A folder that is left out takes with it what lies below.
    return !below.some((_, index) => isExcluded(`${folder}/${below.slice(0, index + 1).join('/')}`))
  }
}

export function maxBytes(settings: Settings): number {
  return settings.maxFileSize * BYTES_PER_MEGABYTE
}
