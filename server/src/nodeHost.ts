import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
  type Dirent,
  type Stats,
} from 'node:fs'
import { replaceAtomically, writeAtomically } from './atomicWrite.js'
import { HostError, NOT_REGULAR, type EntryKind, type WritableHost } from './host.js'

const PIECE_BYTES = 65_536

/**
 * The file system of this machine. It is synchronous: asynchronous reads of many small files are several times
 * slower.
 */
export const nodeHost: WritableHost = {
  readDirectory: (path) =>
    withHostErrors(() =>
      readdirSync(path, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: kindOf(entry),
      })),
    ),
  kindOf: (path) =>
    withHostErrors(() => {
      const kind = kindOf(statSync(path))
      return kind === 'link' ? 'other' : kind
    }),
  realPath: (path) => withHostErrors(() => toSlashes(realpathSync.native(path))),
  readFile: (path, maxBytes) => withHostErrors(() => readRegularFile(path, maxBytes)),
  readStream: (path, maxBytes) => withHostErrors(() => readStream(path, maxBytes)),
  replaceFile: (path, before, after) =>
    withHostErrors(() => replaceAtomically(path, before, after), 'written'),
  writeFile: (path, bytes) => {
    withHostErrors(() => {
      try {
        writeAtomically(path, bytes)
      } catch (error) {
        if (!isMissing(error)) throw error
        throw new HostError('cannot be written: its folder does not exist', true)
      }
    }, 'written')
  },
}

/** A native path with `/`. */
export function toSlashes(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path
}

function kindOf(entry: Dirent | Stats): EntryKind {
  return entry.isFile()
    ? 'file'
    : entry.isDirectory()
      ? 'directory'
      : entry.isSymbolicLink()
        ? 'link'
        : 'other'
}

/** Opens without waiting: a pipe without a writer does not block. Windows has neither flag. */
const OPEN_REGULAR_FILE =
  constants.O_RDONLY | flagOf(constants.O_NONBLOCK) | flagOf(constants.O_NOFOLLOW)

function flagOf(flag: number | undefined): number {
  return flag ?? 0
}

function readRegularFile(path: string, maxBytes: number): Uint8Array | 'too-large' {
  const descriptor = openSync(path, OPEN_REGULAR_FILE)
  try {
    const stats = fstatSync(descriptor)
    if (stats.isDirectory()) throw new HostError('is a directory', false)
    if (!stats.isFile()) throw new HostError(NOT_REGULAR, false)
    if (stats.size > maxBytes) return 'too-large'
    // If the file grows during the read, only its size at the start counts.
    const bytes = Buffer.allocUnsafe(stats.size)
    return bytes.subarray(0, fill(descriptor, bytes))
  } finally {
    closeSync(descriptor)
  }
}

/** Reads a pipe or a device, whose size is not known before. */
function readStream(path: string, maxBytes: number): Uint8Array | 'too-large' {
  const descriptor = openSync(path, 'r')
  try {
    const pieces: Uint8Array[] = []
    for (let length = 0; length <= maxBytes;) {
      const piece = Buffer.alloc(PIECE_BYTES)
      const count = fill(descriptor, piece)
      pieces.push(piece.subarray(0, count))
      length += count
      if (count < piece.length && length <= maxBytes) return Buffer.concat(pieces)
    }
    return 'too-large'
  } finally {
    closeSync(descriptor)
  }
}

/** Fills a buffer, or reads to the end. Returns the number of bytes. */
function fill(descriptor: number, bytes: Uint8Array): number {
  let filled = 0
  while (filled < bytes.length) {
    const count = readSync(descriptor, bytes, filled, bytes.length - filled, null)
    if (count === 0) break
    filled += count
  }
  return filled
}

/** Error codes of paths that do not exist. */
const MISSING = ['ENOENT', 'ENOTDIR', 'ELOOP']

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a directory',
  ELOOP: 'is a symbolic link to itself',
  ENAMETOOLONG: 'has a name that is too long',
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: ': permission denied',
  EPERM: ': permission denied',
  EROFS: ': the file system is read-only',
  ENOSPC: ': the disk is full',
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function withHostErrors<T>(work: () => T, done: 'read' | 'written' = 'read'): T {
  try {
    return work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code === undefined) throw error
    throw new HostError(
      WORDS[code] ?? `cannot be ${done}${REASONS[code] ?? ` (${code})`}`,
      MISSING.includes(code),
    )
  }
}
