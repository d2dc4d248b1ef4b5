import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs'
import { HostError, type EntryKind, type Host } from './host.js'

/** The file system of this machine. Reads synchronously: asynchronous reads of many small files cost several times as much. */
export const nodeHost: Host = {
  readDirectory: (path) => failingClearly(() => readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry) }))),
  kindOf: (path) =>
    failingClearly(() => {
      const kind = kindOf(statSync(path))
      return kind === 'link' ? 'other' : kind
    }),
  realPath: (path) => failingClearly(() => toSlashes(realpathSync.native(path))),
  readFile: (path, maxBytes) => failingClearly(() => readWithin(path, maxBytes)),
}

/** A native path with `/`. */
export function toSlashes(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path
}

function kindOf(entry: Dirent | Stats): EntryKind {
  return entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'other'
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

/** Codes of paths that lead nowhere. */
const MISSING = ['ENOENT', 'ENOTDIR', 'ELOOP']

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
  EISDIR: 'is a directory',
  ELOOP: 'is a symbolic link that leads to itself',
  ENAMETOOLONG: 'has too long a name',
}

function failingClearly<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code === undefined) throw error
    throw new HostError(WORDS[code] ?? `cannot be read (${code})`, MISSING.includes(code))
  }
}
