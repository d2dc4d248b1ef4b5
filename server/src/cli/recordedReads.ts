import { createHash, type Hash } from 'node:crypto'
import { HostError, type Host, type WritableHost } from '../host.js'

/** A question to a file system. */
export type Read =
  | readonly ['kindOf' | 'readDirectory' | 'realPath', string]
  | readonly ['readFile', string, number]

/** Some questions in their order, and a hash of the answers. */
export interface ReadBlock {
  readonly reads: readonly Read[]
  readonly digest: string
}

type Answer = Uint8Array | string

/** A difference is found after at most this number of questions. */
const BLOCK = 64

/** Records what is read of a file system. */
export class RecordedReads {
  readonly host: WritableHost
  /** Whether the questions are all that was done: nothing was written, and nothing was read that has no name. */
  isComplete = true
  readonly #blocks: ReadBlock[] = []
  #reads: Read[] = []
  #digest = new AnswerDigest()

  constructor(host: WritableHost) {
    const incomplete =
      <A extends readonly unknown[], R>(act: (...args: A) => R) =>
      (...args: A): R => {
        this.isComplete = false
        return act(...args)
      }
    this.host = {
      kindOf: (path) => this.#record(['kindOf', path], () => host.kindOf(path)),
      realPath: (path) => this.#record(['realPath', path], () => host.realPath(path)),
      readDirectory: (path) =>
        this.#record(['readDirectory', path], () => host.readDirectory(path)),
      readFile: (path, maxBytes) =>
        this.#record(['readFile', path, maxBytes], () => host.readFile(path, maxBytes)),
      readStream: incomplete((path, maxBytes) => host.readStream(path, maxBytes)),
      replaceFile: incomplete((path, before, after) => host.replaceFile(path, before, after)),
      writeFile: incomplete((path, bytes) => {
        host.writeFile(path, bytes)
      }),
    }
  }

  blocks(): readonly ReadBlock[] {
    this.#endBlock()
    return this.#blocks
  }

  #record<T>(read: Read, act: () => T): T {
    try {
      const result = act()
      this.#add(read, answerOf(result))
      return result
    } catch (error) {
      if (error instanceof HostError) this.#add(read, errorAnswer(error))
      throw error
    }
  }

  #add(read: Read, answer: Answer): void {
    this.#reads.push(read)
    this.#digest.add(answer)
    if (this.#reads.length >= BLOCK) this.#endBlock()
  }

  #endBlock(): void {
    if (this.#reads.length === 0) return
    this.#blocks.push({ reads: this.#reads, digest: this.#digest.value() })
    this.#reads = []
    this.#digest = new AnswerDigest()
  }
}

/** Whether the questions have the same answers now. */
export function areUnchanged(host: Host, blocks: readonly ReadBlock[]): boolean {
  return blocks.every(({ reads, digest }) => {
    const now = new AnswerDigest()
    for (const read of reads) now.add(ask(host, read))
    return now.value() === digest
  })
}

function ask(host: Host, read: Read): Answer {
  try {
    const [name, path] = read
    return answerOf(name === 'readFile' ? host.readFile(path, read[2]) : host[name](path))
  } catch (error) {
    if (error instanceof HostError) return errorAnswer(error)
    throw error
  }
}

function answerOf(result: unknown): Answer {
  return result instanceof Uint8Array ? result : JSON.stringify(result)
}

function errorAnswer({ message, missing }: HostError): string {
  return JSON.stringify({ message, missing })
}

class AnswerDigest {
  readonly #hash: Hash = createHash('sha256')

  add(answer: Answer): void {
    this.#hash.update(`${typeof answer} ${answer.length}\n`)
    this.#hash.update(answer)
  }

  value(): string {
    return this.#hash.digest('base64')
  }
}
