import type { ShownFinding } from '../convert/shownFinding.js'
import type { Cache } from './cache.js'
import { partOf, type LastFindings, type SavedFolder } from './lastFindings.js'

export interface SaveFindingsOptions {
  readonly cache: Cache
  readonly last: LastFindings
  /** Resolves when all findings are published. */
  idle(): Promise<void>
  /** The folder of a file, if all its files were read and its findings may be saved. */
  folderOf(file: string): SavedFolder | undefined
  /** Whether the findings of a file are out of date. */
  isPending(file: string): boolean
  /** The present text, for which the findings were published. */
  textOf(file: string): string | undefined
  /** The findings as they were published. */
  findingsOf(file: string): readonly ShownFinding[]
}

/** Milliseconds between two times that findings are saved. */
const PAUSE = 3_000
/** Milliseconds that the end of the server may wait. */
const LAST_MILLISECONDS = 300

/** Saves findings in the background, in short steps, some time after they were published. */
export class SaveFindings {
  readonly #options: SaveFindingsOptions
  readonly #changed = new Set<string>()
  #isPruned = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: SaveFindingsOptions) {
    this.#options = options
  }

  /** The findings of a file were published. */
  published(file: string): void {
    this.#changed.add(file)
    this.#timer ??= setTimeout(() => void this.#saveInSteps(), PAUSE).unref()
  }

  /** Saves what was not saved yet, and nothing afterwards. */
  end(): void {
    if (!this.#timer) return
    clearTimeout(this.#timer)
    const end = performance.now() + LAST_MILLISECONDS
    const steps = this.#steps()
    while (steps.next().done !== true && performance.now() < end);
  }

  async #saveInSteps(): Promise<void> {
    await this.#options.idle()
    const steps = this.#steps()
    while (steps.next().done !== true) await new Promise((resolve) => setImmediate(resolve))
    this.#timer = undefined
    if (!this.#isPruned) this.#options.cache.prune()
    this.#isPruned = true
  }

  /** Saves one part of a folder in each step. */
  *#steps(): Generator<void, void, undefined> {
    const options = this.#options
    for (const { folder, part, files } of this.#parts()) {
      for (const file of files) this.#changed.delete(file)
      options.last.save(
        folder,
        part,
        files.map((file) => ({
          file,
          text: () => options.textOf(file),
          findings: options.findingsOf(file),
        })),
      )
      yield
    }
  }

  #parts(): Iterable<{
    readonly folder: SavedFolder
    readonly part: number
    readonly files: readonly string[]
  }> {
    const parts = new Map<string, { folder: SavedFolder; part: number; files: string[] }>()
    for (const file of this.#changed) {
      const folder = this.#options.folderOf(file)
      // A pending file is published again.
      if (!folder || this.#options.isPending(file)) {
        this.#changed.delete(file)
        continue
      }
      const part = partOf(file)
      const key = `${part} ${folder.folder}`
      const known = parts.get(key)
      if (known) known.files.push(file)
      else parts.set(key, { folder, part, files: [file] })
    }
    return parts.values()
  }
}
