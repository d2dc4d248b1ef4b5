import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
  writeFileSync,
  writeSync,
  type Dirent,
  type Stats,
} from 'node:fs'
import { HostError, type EntryKind, type WritableHost } from './host.js'

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
  readFile: (path, maxBytes) => withHostErrors(() => readWithin(path, maxBytes)),
  replaceFile: (path, before, after) =>
    withHostErrors(() => replaceBytes(path, before, after), 'written'),
  writeFile: (path, bytes) => {
    withHostErrors(() => {
      writeFileSync(path, bytes)
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

function readWithin(path: string, maxBytes: number): Uint8Array | 'too-large' {
  const descriptor = openSync(path, 'r')
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) return readStream(descriptor, maxBytes)
    if (stats.size > maxBytes) return 'too-large'
    // If the file grows during the read, only its size at the start counts.
    const bytes = Buffer.allocUnsafe(stats.size)
    let filled = 0
    while (filled < bytes.length) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, null)
      if (count === 0) break
      filled += count
    }
    return bytes.subarray(0, filled)
  } finally {
    closeSync(descriptor)
  }
}

/** Reads a pipe or a device, whose size is not known before. */
function readStream(descriptor: number, maxBytes: number): Uint8Array | 'too-large' {
  const bytes = readFileSync(descriptor)
  return bytes.length > maxBytes ? 'too-large' : bytes
}

/** Compares and writes with one file descriptor, so that both are for the same file. */
function replaceBytes(path: string, before: Uint8Array, after: Uint8Array): boolean {
  const descriptor = openSync(path, 'r+')
  try {
    if (!readFileSync(descriptor).equals(before)) return false
    try {
      overwrite(descriptor, after)
    } catch (error) {
      // If the disk is full, the file gets its old content again.
      overwrite(descriptor, before)
      throw error
    }
    return true
  } finally {
    closeSync(descriptor)
  }
}

function overwrite(descriptor: number, bytes: Uint8Array): void {
  let written = 0
  while (written < bytes.length)
    written += writeSync(descriptor, bytes, written, bytes.length - written, written)
  ftruncateSync(descriptor, bytes.length)
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
