import { homedir } from 'node:os'
import { cacheFolder } from './cacheFolder.js'
import { DiskCache } from './diskCache.js'
import { PROGRAM } from './program.js'

/** The cache of the user of this process; undefined without a folder for it. */
export function userCache(): DiskCache | undefined {
  const { platform, env } = process
  const folder = cacheFolder({ platform, env, home: home() })
  return folder === undefined || PROGRAM === '' ? undefined : new DiskCache(folder, PROGRAM)
}

/** Empty for a user without a home folder. */
function home(): string {
  try {
    return homedir()
  } catch {
    return ''
  }
}
