export type EntryKind = 'file' | 'directory' | 'link' | 'other'

export interface DirectoryEntry {
  readonly name: string
  readonly kind: EntryKind
}

/** What the server needs of a file system. Paths are absolute, with `/` on every platform. Every failure is a `HostError`. */
export interface Host {
  /** The entries of a directory; links are not followed. */
  readDirectory(path: string): readonly DirectoryEntry[]
  /** What a path leads to, links followed. */
  kindOf(path: string): Exclude<EntryKind, 'link'>
  realPath(path: string): string
  /** The bytes of a file; `too-large` where it has more than `maxBytes`. */
  readFile(path: string, maxBytes: number): Uint8Array | 'too-large'
}

/** A file system that can be changed, too. Only the command line asks for it, and only where a person said so. */
export interface WritableHost extends Host {
  /**
   * Puts other bytes in the place of those that a file has; its permissions and the links to it stay.
   *
   * @returns false, with nothing written, where the file does not hold `before`.
   */
  replaceFile(path: string, before: Uint8Array, after: Uint8Array): boolean
  /** Writes a file, whether it is there or not. */
  writeFile(path: string, bytes: Uint8Array): void
}

/** A failure of the file system, in words for a person: `does not exist`. */
export class HostError extends Error {
  override readonly name = 'HostError'
  /** The path is not there, or not any more, or is a link that leads nowhere. */
  readonly missing: boolean

  constructor(message: string, missing: boolean) {
    super(message)
    this.missing = missing
  }
}
