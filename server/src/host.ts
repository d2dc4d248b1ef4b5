export type EntryKind = 'file' | 'directory' | 'link' | 'other'

export interface DirectoryEntry {
  readonly name: string
  readonly kind: EntryKind
}

/** A file system. Paths are absolute, with `/` on all platforms. All methods throw a `HostError`. */
export interface Host {
  /** The entries of a directory. Symbolic links are not followed. */
  readDirectory(path: string): readonly DirectoryEntry[]
  /** The kind of an entry. Symbolic links are followed. */
  kindOf(path: string): Exclude<EntryKind, 'link'>
  realPath(path: string): string
  /**
   * The bytes of a regular file; `too-large` if it has more than `maxBytes`. Pipes and devices are not read, and a
   * symbolic link at the end of the path is not followed: `readContained` resolves links.
   */
  readFile(path: string, maxBytes: number): Uint8Array | 'too-large'
}

/** A file system that can be changed. Only the command line uses it, with the options that write files. */
export interface WritableHost extends Host {
  /** The bytes of a file, pipe or device, read in pieces up to the limit. Only for arguments of the user. */
  readStream(path: string, maxBytes: number): Uint8Array | 'too-large'
  /**
   * Replaces the bytes of a regular file at once: a crash leaves the old or the new content. Keeps its permissions.
   *
   * @param path no symbolic link.
   * @returns false, without a change, if the file does not contain `before`.
   */
  replaceFile(path: string, before: Uint8Array, after: Uint8Array): boolean
  /** Writes a new or an existing file at once. It writes no symbolic link. */
  writeFile(path: string, bytes: Uint8Array): void
}

/** An error of the file system. The message continues a sentence after the path: `does not exist`. */
export class HostError extends Error {
  override readonly name = 'HostError'
  /** Whether the path does not exist, or is a broken symbolic link. */
  readonly missing: boolean

  constructor(message: string, missing: boolean) {
    super(message)
    this.missing = missing
  }
}

/** The message for a pipe, a device or a socket. */
export const NOT_REGULAR = 'is not a regular file and was not read'
