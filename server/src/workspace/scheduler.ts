import { TookTooLong, type RunWithinLimit } from '../deadline.js'

/** The work of the scheduler on files. All methods are synchronous. */
export interface FileWork {
  /** The files that have priority: those that are open in an editor. */
  urgent(): Iterable<string>
  /** Reads the current text of a file. */
  read(file: string): void
  /** Called when all files are read, before each file that is checked. Returns more files to check. */
  allRead(): Iterable<string>
  /** Checks a file in short steps, so that `publish` has little work. Edits between two steps are possible. */
  check(file: string): Iterator<unknown>
  /** Checks a file and sends its findings. Returns false if it is too early: the file then waits for `release`. */
  publish(file: string): boolean
  failed(file: string, error: unknown): void
  /** The work on a file did not end within the limit. Undefined: the work on all files. */
  tookTooLong(file: string | undefined): void
  readonly runWithinLimit: RunWithinLimit
}

const SLICE_MILLISECONDS = 8

/**
 * The queue of background work. A file that is marked several times is processed once. The work is done in short
 * slices, and other events are handled between them.
 */
export class Scheduler {
  readonly #work: FileWork
  readonly #unread = new Set<string>()
  readonly #dirty = new Set<string>()
  /** Dirty files that wait for `release`, because their folder is being read. */
  readonly #held = new Set<string>()
  readonly #idle: (() => void)[] = []
  /** The file that is being checked. If another file comes first, or a file is read, it starts again. */
  #checking: { readonly file: string; readonly steps: Iterator<unknown> } | undefined
  #turn: NodeJS.Immediate | undefined
  /** The file of the current step. */
  #current: string | undefined

  constructor(work: FileWork) {
    this.#work = work
  }

  /** Whether the work on a file is not finished. */
  isPending(file: string): boolean {
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

  /** Continues with the files that wait. */
  release(): void {
    this.markDirty([...this.#held])
  }

  /** Publishes a file at once, before all others. */
  publishNow(file: string): void {
    this.#held.delete(file)
    this.#dirty.add(file)
    this.#publish(file)
  }

  /** Resolves when there is no more work, except for files that wait for `release`. */
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
    if (this.#isFinishedAfterSlice()) for (const resolve of this.#idle.splice(0)) resolve()
    else this.#wake()
  }

  #isFinishedAfterSlice(): boolean {
    const end = performance.now() + SLICE_MILLISECONDS
    try {
      return this.#work.runWithinLimit(() => {
        do if (!this.#step()) return true
        while (performance.now() < end)
        return false
      })
    } catch (error) {
      if (!(error instanceof TookTooLong)) throw error
      this.#leaveOut(error.isBusy ? undefined : this.#current)
      return false
    }
  }

  #leaveOut(file: string | undefined): void {
    this.#checking = undefined
    if (file !== undefined) {
      this.#unread.delete(file)
      this.#dirty.delete(file)
    }
    this.#work.tookTooLong(file)
  }

  /** Reads all files before it checks one, because a check without all files must be repeated. */
  #step(): boolean {
    const unread = this.#next(this.#unread)
    this.#current = unread
    if (unread !== undefined) {
      this.#checking = undefined
      this.#attempt(unread, () => {
        this.#work.read(unread)
      })
      this.#unread.delete(unread)
      return true
    }
    if (!this.#checking) for (const file of this.#work.allRead()) this.#dirty.add(file)
    const dirty = this.#next(this.#dirty)
    this.#current = dirty
    if (dirty === undefined) return false
    if (this.#isChecked(dirty)) this.#publish(dirty)
    return true
  }

  /** Checks a part of a file. Returns true when the file is checked, or if an error occurs. */
  #isChecked(file: string): boolean {
    try {
      if (this.#checking?.file !== file) this.#checking = { file, steps: this.#work.check(file) }
      if (this.#checking.steps.next().done !== true) return false
    } catch (error) {
      if (error instanceof TookTooLong) throw error
      // `publish` has the same error and reports it.
    }
    this.#checking = undefined
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

  /** Reports an error of a file. The file is not tried again before its next change, because it would fail again. */
  #attempt(file: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      if (error instanceof TookTooLong) throw error
      this.#work.failed(file, error)
    }
  }
}
