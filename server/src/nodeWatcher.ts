import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isTestFile } from '@istio-ambient-policy/shared/basics'
import type { FileWatcher } from './cli/io.js'
import { toSlashes } from './nodeHost.js'
import { isManifestName, isSkippedDirectory } from './workspace/walk.js'

/** Editors write a file in several steps. */
const PAUSE_MILLISECONDS = 100

/** Parts of charts. */
const TEMPLATE = /\.(?:tpl|lock)$/i

/**
 * Watches each folder on its own, so that the folders that no command reads, such as `node_modules`, cost nothing. A
 * file is watched through its folder, because editors replace files.
 */
export class NodeWatcher implements FileWatcher {
  /** By folder. The names are the files to watch in it; undefined: all. */
  readonly #folders = new Map<string, { watcher: FSWatcher; names: Set<string> | undefined }>()
  readonly #changed = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #resolve: (() => void) | undefined

  watch(paths: readonly string[]): void {
    for (const path of paths) {
      if (isFolder(path)) this.#watchTree(path)
      else this.#watchFolder(dirname(path), basename(path))
    }
  }

  async next(): Promise<readonly string[]> {
    if (this.#changed.size === 0 || this.#timer)
      await new Promise<void>((resolve) => {
        this.#resolve = resolve
      })
    this.#resolve = undefined
    const changed = [...this.#changed].sort()
    this.#changed.clear()
    return changed
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const { watcher } of this.#folders.values()) watcher.close()
    this.#folders.clear()
  }

  #watchTree(folder: string): void {
    this.#watchFolder(folder, undefined)
    for (const entry of entriesOf(folder))
      if (entry.isDirectory() && !isSkippedDirectory(entry.name))
        this.#watchTree(join(folder, entry.name))
  }

  #watchFolder(folder: string, name: string | undefined): void {
    const known = this.#folders.get(folder)
    if (known) {
      if (name === undefined) known.names = undefined
      else known.names?.add(name)
      return
    }
    try {
      const watcher = watch(folder, (_, file) => {
        this.#onEvent(folder, file)
      })
      watcher.on('error', () => {
        this.#forget(folder)
      })
      this.#folders.set(folder, {
        watcher,
        names: name === undefined ? undefined : new Set([name]),
      })
    } catch (error) {
      // A folder that was deleted meanwhile is an event of the folder around it.
      if (!isMissing(error)) throw error
    }
  }

  #onEvent(folder: string, name: string | null): void {
    const names = this.#folders.get(folder)?.names
    const path = name === null ? folder : join(folder, name)
    if (name !== null && names) {
      if (!names.has(name)) return
    } else if (name !== null) {
      if (isFolder(path)) {
        if (isSkippedDirectory(name) || this.#folders.has(path)) return
        this.#watchTree(path)
      } else if (this.#folders.has(path)) this.#forget(path)
      else if (!isRead(name)) return
    }
    this.#changed.add(toSlashes(path))
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#resolve?.()
    }, PAUSE_MILLISECONDS)
  }

  #forget(folder: string): void {
    this.#folders.get(folder)?.watcher.close()
    this.#folders.delete(folder)
  }
}

function isRead(name: string): boolean {
  return isManifestName(name) || isTestFile(name) || TEMPLATE.test(name)
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
