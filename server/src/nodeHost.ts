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

/** The file system of this machine. Reads synchronously: asynchronous reads of many small files cost several times as much. */
export const nodeHost: WritableHost = {
  readDirectory: (path) =>
    failingClearly(() =>
      readdirSync(path, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: kindOf(entry),
      })),
    ),
  kindOf: (path) =>
    failingClearly(() => {
      const kind = kindOf(statSync(path))
      return kind === 'link' ? 'other' : kind
    }),
  realPath: (path) => failingClearly(() => toSlashes(realpathSync.native(path))),
  readFile: (path, maxBytes) => failingClearly(() => readWithin(path, maxBytes)),
  replaceFile: (path, before, after) =>
    failingClearly(() => replaceBytes(path, before, after), 'written'),
  writeFile: (path, bytes) => {
    failingClearly(() => {
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
    // A file may shrink or grow while it is read: what was there when it was opened counts.
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

/** A pipe or a device has no size before it is read. */
function readStream(descriptor: number, maxBytes: number): Uint8Array | 'too-large' {
  const bytes = readFileSync(descriptor)
  return bytes.length > maxBytes ? 'too-large' : bytes
}

/** Compares and writes through one descriptor: nothing can come in between that another name for the file would show. */
function replaceBytes(path: string, before: Uint8Array, after: Uint8Array): boolean {
  const descriptor = openSync(path, 'r+')
  try {
    if (!readFileSync(descriptor).equals(before)) return false
    try {
      overwrite(descriptor, after)
    } catch (error) {
      // A full disk must not cost the person their file.
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

/** Codes of paths that lead nowhere. */
const MISSING = ['ENOENT', 'ENOTDIR', 'ELOOP']

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a directory',
  ELOOP: 'is a symbolic link that leads to itself',
  ENAMETOOLONG: 'has too long a name',
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: ': permission denied',
  EPERM: ': permission denied',
  EROFS: ': the file system is read-only',
  ENOSPC: ': the disk is full',
}

function failingClearly<T>(work: () => T, done: 'read' | 'written' = 'read'): T {
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
