import { isInside } from '@istio-ambient-policy/shared/basics'
import { HostError, NOT_REGULAR, type Host } from '../host.js'

/** The message for a symbolic link to a path outside of the folder. */
export const LEADS_OUT = 'is a symbolic link out of the folder and was not read'

interface Boundary {
  /** The folder, or the file itself, that contains everything that may be read. */
  readonly root: string
  readonly maxBytes: number
}

/**
 * Reads a regular file of a folder; `too-large` if it has more than `maxBytes`. A symbolic link is followed only if it
 * stays inside the folder. All files of a repository are read with this function or by `scan`. Throws a `HostError`.
 */
export function readContained(
  host: Host,
  path: string,
  { root, maxBytes }: Boundary,
): Uint8Array | 'too-large' {
  // A pipe of a process has no real path.
  if (host.kindOf(path) === 'other') throw new HostError(NOT_REGULAR, false)
  const real = host.realPath(path)
  if (!isWithin(real, host.realPath(root))) throw new HostError(LEADS_OUT, false)
  return host.readFile(real, maxBytes)
}

/** Whether a path is a folder, or is below it. Both are without symbolic links. */
export function isWithin(real: string, root: string): boolean {
  return isInside(real, root.replace(/\/$/, ''))
}

/** Whether a file is inside a folder, and not the folder itself. */
export function isBelow(file: string, folder: string): boolean {
  return file !== folder && isInside(file, folder)
}

/** The same for several folders, in a time that does not grow with their number. */
export function isBelowOneOf(file: string, folders: ReadonlySet<string>): boolean {
  for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1))
    if (folders.has(file.slice(0, end))) return true
  return false
}
