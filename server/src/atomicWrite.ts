import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { HostError } from './host.js'

/**
 * Replaces a regular file if it contains `before`. At any moment, also after a crash, the path has the complete old or
 * the complete new content. Keeps the permissions.
 *
 * @param path no symbolic link: the link would be replaced by a file.
 * @returns false, without a change, if the file does not contain `before`.
 */
export function replaceAtomically(path: string, before: Uint8Array, after: Uint8Array): boolean {
  const stats = lstatSync(path)
  if (!stats.isFile()) throw new HostError('is not a regular file and was not written', false)
  // The rename needs only the permission of the folder: a read-only file must stay as it is.
  accessSync(path, constants.W_OK)
  if (!readFileSync(path).equals(before)) return false
  replace(path, after, stats)
  return true
}

/** Writes a new or an existing file in the same way. A pipe or a device is written directly. */
export function writeAtomically(path: string, bytes: Uint8Array): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isSymbolicLink() === true)
    throw new HostError('is a symbolic link and was not written', false)
  if (stats && !stats.isFile()) {
    writeFileSync(path, bytes)
    return
  }
  if (stats) accessSync(path, constants.W_OK)
  replace(path, bytes, stats)
}

/** Writes a temporary file in the same folder and renames it. */
function replace(path: string, bytes: Uint8Array, old: Stats | undefined): void {
  const temporary = join(dirname(path), `.ambient-policy-${crypto.randomUUID()}.tmp`)
  const descriptor = openSync(temporary, 'wx', 0o666)
  try {
    try {
      writeAll(descriptor, bytes)
      if (old) keepPermissions(descriptor, old)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, path)
  } catch (error) {
    unlinkSync(temporary)
    throw error
  }
  syncFolder(dirname(path))
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;)
    written += writeSync(descriptor, bytes, written, bytes.length - written)
}

function keepPermissions(descriptor: number, { mode, uid, gid }: Stats): void {
  const now = fstatSync(descriptor)
  if (now.uid !== uid || now.gid !== gid) fchownSync(descriptor, uid, gid)
  fchmodSync(descriptor, mode)
}

/** Makes the rename permanent. Windows cannot open a folder. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
