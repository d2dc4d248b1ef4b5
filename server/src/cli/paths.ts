import { relative, resolve } from 'node:path'
import { toSlashes } from '../nodeHost.js'

/** The file name of standard input. */
export const STDIN = '<stdin>'

/** The absolute path of an argument, with `/`. */
export function absolutePath(cwd: string, path: string): string {
  return toSlashes(resolve(cwd, path))
}

/** The name of a file in all outputs: relative to the working directory, with `/`. */
export function displayPath(cwd: string, file: string): string {
  if (file === STDIN) return file
  const shown = toSlashes(relative(cwd, file))
  return shown === '' ? '.' : shown
}
