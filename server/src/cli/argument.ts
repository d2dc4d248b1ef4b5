import { HostError, NOT_REGULAR } from '../host.js'
import { isWithin } from '../workspace/containedFile.js'
import { CommandFailure, type CliIo } from './io.js'
import { displayPath } from './paths.js'

/** Where the system keeps the streams of a process: `/dev/stdin`, `/dev/fd/63` of `<(command)`. */
const STREAM_FOLDERS = ['/dev', '/proc']

/** The message for an empty path, such as a variable of a shell that has no value. */
export const EMPTY_PATH = 'a path is empty: write "." for the current folder'

/** What a path of the command line is. A `stream` is a pipe or a device. */
export type ArgumentKind = 'file' | 'directory' | 'stream'

/**
 * The kind of a path that the user names. The user can name any path, but a symbolic link below the working directory
 * belongs to the repository: it must not lead out of it, nor to a pipe or a device. Throws a `CommandFailure`.
 */
export function kindOfArgument(io: CliIo, path: string): ArgumentKind {
  const shown = displayPath(io.cwd, path)
  try {
    const kind = io.host.kindOf(path)
    if (kind === 'other') {
      if (isStream(io, path)) return 'stream'
      throw new CommandFailure(`${shown} ${NOT_REGULAR}`)
    }
    const real = io.host.realPath(path)
    if (isWithin(path, io.cwd) && !isWithin(real, io.host.realPath(io.cwd)))
      throw new CommandFailure(
        `${shown} is a symbolic link out of the working directory: name the path that it leads to`,
      )
    return kind
  } catch (error) {
    if (error instanceof HostError) throw new CommandFailure(`${shown} ${error.message}`)
    throw error
  }
}

/** The bytes of a file or a stream that the user names. Throws a `CommandFailure` or a `HostError`. */
export function readArgument(io: CliIo, path: string, maxBytes: number): Uint8Array | 'too-large' {
  return kindOfArgument(io, path) === 'stream'
    ? io.host.readStream(path, maxBytes)
    : io.host.readFile(io.host.realPath(path), maxBytes)
}

/** Whether a path that is no file is a stream itself, and not a symbolic link to one. */
function isStream(io: CliIo, path: string): boolean {
  if (STREAM_FOLDERS.some((folder) => isWithin(path, folder))) return true
  const slash = path.lastIndexOf('/')
  try {
    const parent = io.host.realPath(path.slice(0, slash) || '/')
    return io.host.realPath(path) === `${parent.replace(/\/$/, '')}${path.slice(slash)}`
  } catch (error) {
    // A pipe of a process has no real path, so this is a link to it.
    if (error instanceof HostError) return false
    throw error
  }
}

/**
 * Throws a `CommandFailure` if the folder of a file to write is reached through a symbolic link out of the working
 * directory. A folder that does not exist is no problem here: the file cannot be written.
 */
export function checkFolderOf(io: CliIo, path: string): void {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/'
  try {
    io.host.kindOf(folder)
  } catch (error) {
    if (error instanceof HostError) return
    throw error
  }
  kindOfArgument(io, folder)
}
