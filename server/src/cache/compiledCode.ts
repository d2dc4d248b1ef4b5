import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { isSafeFolder } from './safeFolder.js'

const NAME = 'code'
const MAX_AGE = 30 * 86_400_000

/** Keeps the compiled code of all modules that are loaded from now on in a folder. */
export type EnableCompileCache = (folder: string) => unknown

/**
 * Keeps the compiled code of the program in the folder of the cache, so that it does not compile it again. Node.js checks
 * the source, the version and a checksum of each file, and ignores other files. Node.js before 22.8 keeps nothing.
 *
 * @param folder absolute
 */
export function keepCompiledCode(
  folder: string,
  enable: EnableCompileCache | undefined = compileCacheOf(nodeModule),
): void {
  if (!enable) return
  try {
    const path = join(folder, NAME)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    if (!isSafeFolder(folder) || !isSafeFolder(path)) return
    removeOld(path)
    enable(path)
  } catch {
    // Without the folder, the program compiles its code.
  }
}

/** Removes the code of versions of Node.js that were not used for some time. */
function removeOld(path: string): void {
  for (const name of readdirSync(path)) {
    const version = join(path, name)
    if (Date.now() - statSync(version).mtimeMs > MAX_AGE)
      rmSync(version, { recursive: true, force: true })
  }
}

function compileCacheOf(module: object): EnableCompileCache | undefined {
  return 'enableCompileCache' in module && isFunction(module.enableCompileCache)
    ? module.enableCompileCache
    : undefined
}

function isFunction(value: unknown): value is EnableCompileCache {
  return typeof value === 'function'
}
