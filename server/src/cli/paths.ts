import { relative, resolve } from 'node:path'
import { toSlashes } from '../nodeHost.js'

/** The file name of standard input. */
export const STDIN = '<stdin>'

/** The absolute path that an argument means, with `/`. */
export function absolutePath(cwd: string, path: string): string {
  return toSlashes(resolve(cwd, path))
}

/** How outputs name a file: relative to the working directory, with `/`. */
export function displayPath(cwd: string, file: string): string {
  if (file === STDIN) return file
  const shown = toSlashes(relative(cwd, file))
  return shown === '' ? '.' : shown
}
