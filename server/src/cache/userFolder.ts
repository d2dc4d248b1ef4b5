import { homedir } from 'node:os'
import { cacheFolder } from './cacheFolder.js'

/** The folder for caches of the user of this process; undefined without a home folder. */
export function userFolder(): string | undefined {
  const { platform, env } = process
  return cacheFolder({ platform, env, home: home() })
}

/** Empty for a user without a home folder. */
function home(): string {
  try {
    return homedir()
  } catch {
    return ''
  }
}
