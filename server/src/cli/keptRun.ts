import type { Cache } from '../cache/cache.js'
import { parseKept } from '../cache/parseKept.js'
import type { ProcessIo } from './io.js'
import { areUnchanged, RecordedReads, type ReadBlock } from './recordedReads.js'

/** Larger outputs are not kept. */
const MAX_CHARACTERS = 50_000_000

type Stream = 'out' | 'warn'

/** What is kept of a run. The written texts follow it. */
interface Kept {
  readonly reads: readonly ReadBlock[]
  readonly status: number
  /** The lengths of the written texts. */
  readonly written: readonly (readonly [Stream, number])[]
}

/**
 * A run of a command line that is repeated without evaluating anything, while everything that it has read is the same.
 * A run is kept if its command says so.
 */
export class KeptRun {
  readonly #cache: Cache
  readonly #io: ProcessIo
  readonly #key: string

  constructor(cache: Cache, io: ProcessIo, args: readonly string[]) {
    const { cwd, colours, terminal, workflow } = io
    this.#cache = cache
    this.#io = io
    this.#key = JSON.stringify(['run', args, { cwd, colours, terminal, workflow }])
  }

  /** Writes what the earlier run has written, and returns its exit status; undefined if anything is different. */
  repeat(): number | undefined {
    const text = this.#cache.get(this.#key)
    if (text === undefined) return undefined
    const end = text.indexOf('\n')
    const kept = parseKept(text.slice(0, end), isKept)
    if (!kept || !areUnchanged(this.#io.host, kept.reads)) return undefined
    let at = end + 1
    for (const [stream, length] of kept.written) {
      this.#io[stream](text.slice(at, at + length))
      at += length
    }
    return kept.status
  }

  /** Runs the command line, and keeps the run. */
  async record(run: (io: ProcessIo) => Promise<number>): Promise<number> {
    const io = this.#io
    const reads = new RecordedReads(io.host)
    const written: (readonly [Stream, string])[] = []
    const command = { keepsRun: false }
    const notKept = <T>(value: T): T => {
      reads.isComplete = false
      return value
    }
    const write = (stream: Stream) => (text: string) => {
      written.push([stream, text])
      io[stream](text)
    }
    const status = await run({
      ...io,
      host: reads.host,
      out: write('out'),
      warn: write('warn'),
      readStdin: (maxBytes) => notKept(io.readStdin(maxBytes)),
      stdin: () => notKept(io.stdin()),
      helm: (args, home) => notKept(io.helm(args, home)),
      keepRun: () => {
        command.keepsRun = true
      },
    })
    const length = written.reduce((sum, [, text]) => sum + text.length, 0)
    if (command.keepsRun && reads.isComplete && length <= MAX_CHARACTERS)
      this.#put({ reads: reads.blocks(), status, written })
    return status
  }

  #put({
    written,
    ...kept
  }: Omit<Kept, 'written'> & { readonly written: readonly (readonly [Stream, string])[] }): void {
    const head: Kept = { ...kept, written: written.map(([stream, { length }]) => [stream, length]) }
    const texts = written.map(([, text]) => text)
    this.#cache.put(this.#key, `${JSON.stringify(head)}\n${texts.join('')}`)
    this.#cache.prune()
  }
}

function isKept(value: unknown): value is Kept {
  return (
    isRecord(value) &&
    Number.isInteger(value['status']) &&
    isListOf(
      value['written'],
      (item) =>
        Array.isArray(item) &&
        (item[0] === 'out' || item[0] === 'warn') &&
        Number.isInteger(item[1]),
    ) &&
    isListOf(
      value['reads'],
      (block) =>
        isRecord(block) && typeof block['digest'] === 'string' && isListOf(block['reads'], isRead),
    )
  )
}

const QUESTIONS: readonly unknown[] = ['kindOf', 'readDirectory', 'realPath', 'readFile']

function isRead(value: unknown): boolean {
  return Array.isArray(value) && QUESTIONS.includes(value[0]) && typeof value[1] === 'string'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
}
