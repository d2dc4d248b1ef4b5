/** What the scheduler does with files, one at a time and synchronously. */
export interface FileWork {
  /** Files that go before others: those in an editor. */
  urgent(): Iterable<string>
  /** Takes in the present text of a file. */
  read(file: string): void
  /** Everything is read: does what waits for that, and returns the files to judge for it. Called before every file that is judged. */
  allRead(): Iterable<string>
  /** Short steps after which `publish` has little left to judge. What happened since the last is taken in. */
  judge(file: string): Iterator<unknown>
  /** Judges a file and sends what it found. False: not now; the file is held until `release`. */
  publish(file: string): boolean
  failed(file: string, error: unknown): void
}

const SLICE_MILLISECONDS = 8

/**
 * The one queue of background work. Files are marked, not queued: however often a file is marked, it is done once. Works in short slices and hands the
 * event loop back between them, so that messages get through. A file is owed until the work on it is done.
 */
export class Scheduler {
  readonly #work: FileWork
  readonly #unread = new Set<string>()
  readonly #dirty = new Set<string>()
  /** Dirty files whose turn has not come: their workspace is being read. */
  readonly #held = new Set<string>()
  readonly #idle: (() => void)[] = []
  /** The file that is being judged; one that goes before it, or is read, makes it begin anew. */
  #judging: { readonly file: string; readonly steps: Iterator<unknown> } | undefined
  #turn: NodeJS.Immediate | undefined

  constructor(work: FileWork) {
    this.#work = work
  }

  /** Whether the diagnostics of a file are still to come. */
  owes(file: string): boolean {
    return this.#unread.has(file) || this.#dirty.has(file) || this.#held.has(file)
  }

  markUnread(files: Iterable<string>): void {
    for (const file of files) this.#unread.add(file)
    this.#wake()
  }

  markDirty(files: Iterable<string>): void {
    for (const file of files) {
      this.#dirty.add(file)
      this.#held.delete(file)
    }
    this.#wake()
  }

  /** Takes up again whatever was held. */
  release(): void {
    this.markDirty([...this.#held])
  }

  /** Does one file at once, ahead of everything. */
  publishNow(file: string): void {
    this.#held.delete(file)
    this.#dirty.add(file)
    this.#publish(file)
  }

  /** Resolves when nothing is left that can be done now. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#wake()
    })
  }

  dispose(): void {
    if (this.#turn) clearImmediate(this.#turn)
    for (const set of [this.#unread, this.#dirty, this.#held]) set.clear()
  }

  #wake(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined
      this.#slice()
    })
  }

  #slice(): void {
    const end = performance.now() + SLICE_MILLISECONDS
    do {
      if (this.#step()) continue
      for (const resolve of this.#idle.splice(0)) resolve()
      return
    } while (performance.now() < end)
    this.#wake()
  }

  /** Reads before it judges: a mesh that is half read would be judged twice. */
  #step(): boolean {
    const unread = this.#next(this.#unread)
    if (unread !== undefined) {
      this.#judging = undefined
      this.#attempt(unread, () => {
        this.#work.read(unread)
      })
      this.#unread.delete(unread)
      return true
    }
    if (!this.#judging) for (const file of this.#work.allRead()) this.#dirty.add(file)
    const dirty = this.#next(this.#dirty)
    if (dirty === undefined) return false
    if (this.#isJudged(dirty)) this.#publish(dirty)
    return true
  }

  /** Judges a little of a file; true when it is through. What fails, fails again when it is published. */
  #isJudged(file: string): boolean {
    try {
      if (this.#judging?.file !== file) this.#judging = { file, steps: this.#work.judge(file) }
      if (this.#judging.steps.next().done !== true) return false
    } catch {
      // Told by `publish`, which asks for the same.
    }
    this.#judging = undefined
    return true
  }

  #publish(file: string): void {
    this.#attempt(file, () => {
      if (!this.#work.publish(file)) this.#held.add(file)
    })
    this.#dirty.delete(file)
  }

  #next(from: ReadonlySet<string>): string | undefined {
    if (from.size > 1) for (const file of this.#work.urgent()) if (from.has(file)) return file
    for (const file of from) return file
    return undefined
  }

  /** A file that cannot be done is reported and let go: trying again without a change would fail again. */
  #attempt(file: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#work.failed(file, error)
    }
  }
}
