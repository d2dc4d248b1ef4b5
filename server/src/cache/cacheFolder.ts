import { posix, win32 } from 'node:path'

const NAME = 'ambient-policy'

/** What decides where the folder for caches is. */
export interface UserEnvironment {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
}

/** The folder of the command line for caches, where the system keeps those of the user. */
export function cacheFolder({ platform, env, home }: UserEnvironment): string | undefined {
  const path = platform === 'win32' ? win32 : posix
  const usual =
    platform === 'win32'
      ? env['LOCALAPPDATA']
      : platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : path.join(home, '.cache')
  // A relative path would be a folder of the repository.
  return [env['XDG_CACHE_HOME'], usual]
    .filter((folder) => folder !== undefined && path.isAbsolute(folder))
    .map((folder) => path.join(folder ?? '', NAME))[0]
}
