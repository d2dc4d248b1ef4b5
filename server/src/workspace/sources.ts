import type { FileText } from '@istio-ambient-policy/shared'
import type { OpenDocument } from './openDocument.js'

type Opened = Pick<OpenDocument, 'uri' | 'version' | 'split'>

/** The current texts of files: the text in an editor, or otherwise the text on disk. */
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

  /** The current text; undefined if the file does not exist. */
  text(file: string): string | undefined {
    return this.#open.get(file)?.split.text ?? this.#readDisk(file)
  }

  /** The same; split into its documents if it is open. */
  fileText(file: string): FileText | undefined {
    return this.#open.get(file)?.split ?? this.#readDisk(file)
  }
}
