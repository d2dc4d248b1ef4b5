/** A document as an editor has it now. */
interface OpenDocument {
  /** As the client spells it. */
  readonly uri: string
  readonly version: number
  getText(): string
}

/** Texts of files: what an editor shows goes before what is on disk. */
export class Sources {
  readonly #open = new Map<string, OpenDocument>()
  readonly #readDisk: (file: string) => string | undefined

  constructor(readDisk: (file: string) => string | undefined) {
    this.#readDisk = readDisk
  }

  open(file: string, document: OpenDocument): void {
    this.#open.set(file, document)
  }

  close(file: string): void {
    this.#open.delete(file)
  }

  document(file: string): OpenDocument | undefined {
    return this.#open.get(file)
  }

  isOpen(file: string): boolean {
    return this.#open.has(file)
  }

  openFiles(): readonly string[] {
    return [...this.#open.keys()]
  }

  /** The present text; undefined where there is no such file. */
  text(file: string): string | undefined {
    return this.#open.get(file)?.getText() ?? this.#readDisk(file)
  }

  /** The text as it was saved last; undefined where there is no such file. */
  savedText(file: string): string | undefined {
    return this.#readDisk(file)
  }
}
