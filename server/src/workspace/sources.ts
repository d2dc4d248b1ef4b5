import type { FileText } from '@istio-ambient-policy/shared'
import type { OpenDocument } from './openDocument.js'

/** What is asked of a document that an editor has open. */
type Opened = Pick<OpenDocument, 'uri' | 'version' | 'split'>

/** Texts of files: what an editor shows goes before what is on disk. */
export class Sources {
  readonly #open = new Map<string, Opened>()
  readonly #readDisk: (file: string) => string | undefined

  constructor(readDisk: (file: string) => string | undefined) {
    this.#readDisk = readDisk
  }

  open(file: string, document: Opened): void {
    this.#open.set(file, document)
  }

  close(file: string): void {
    this.#open.delete(file)
  }

  document(file: string): Opened | undefined {
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
    return this.#open.get(file)?.split.text ?? this.#readDisk(file)
  }

  /** The same; split where it is open. */
  fileText(file: string): FileText | undefined {
    return this.#open.get(file)?.split ?? this.#readDisk(file)
  }

  /** The text as it was saved last; undefined where there is no such file. */
  savedText(file: string): string | undefined {
    return this.#readDisk(file)
  }
}
