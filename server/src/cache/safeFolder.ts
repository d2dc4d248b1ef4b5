import { lstatSync } from 'node:fs'

/** The permissions for group and others to write. */
const WRITABLE_BY_OTHERS = 0o022

/** Whether a path is a folder of this user, and no other user can write into it. Throws if there is nothing. */
export function isSafeFolder(path: string): boolean {
  const stats = lstatSync(path)
  if (!stats.isDirectory()) return false
  const user = process.getuid?.()
  return user === undefined || (stats.uid === user && (stats.mode & WRITABLE_BY_OTHERS) === 0)
}
