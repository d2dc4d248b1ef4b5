import { DiskCache } from './diskCache.js'
import { PROGRAM } from './program.js'
import { userFolder } from './userFolder.js'

/** The cache of the user of this process; undefined without a folder for it. */
export function userCache(): DiskCache | undefined {
  const folder = userFolder()
  return folder === undefined || PROGRAM === '' ? undefined : new DiskCache(folder, PROGRAM)
}
