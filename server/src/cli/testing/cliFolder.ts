import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Cache } from '../../cache/cache.js'
import type { HelmCommand } from '../../helm/helmCommand.js'
import type { WritableHost } from '../../host.js'
import { nodeHost } from '../../nodeHost.js'
import type { FileWatcher, ProcessIo } from '../io.js'
import { runCli } from '../program.js'

/** The output and the exit status of a command. */
interface Ran {
  readonly status: number
  readonly out: string
  /** Lines of standard error. */
  readonly errors: readonly string[]
}

interface RunOptions {
  readonly stdin?: string
  /** Relative to the folder. */
  readonly cwd?: string
  readonly colours?: boolean
  readonly terminal?: boolean
  readonly columns?: number | undefined
  readonly workflow?: boolean
  readonly host?: WritableHost
  readonly helm?: HelmCommand
  readonly watcher?: FileWatcher
  readonly cache?: Cache
  readonly workLimit?: number
}

/** Returns the exit status. */
type Program = (io: ProcessIo) => Promise<number>

/** A temporary folder for the command line. */
export interface CliFolder {
  readonly folder: string
  /** Runs a command line in this process. */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Ran>
  /** Runs a program in this process, with the input and output of a command. */
  readonly runWith: (program: Program, options?: RunOptions) => Promise<Ran>
  readonly read: (file: string) => string
  readonly write: (file: string, content: string | Uint8Array) => void
  readonly remove: () => void
}

/** Creates a folder with some files. */
export function createCliFolder(files: Readonly<Record<string, string | Uint8Array>>): CliFolder {
  const folder = nodeHost.realPath(mkdtempSync(join(tmpdir(), 'cli-')))
  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }
  for (const [file, content] of Object.entries(files)) write(file, content)
  return {
    folder,
    run: (args, options) => runIn(folder, (io) => runCli(args, io), options),
    runWith: (program, options) => runIn(folder, program, options),
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    write,
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function runIn(folder: string, program: Program, options: RunOptions = {}): Promise<Ran> {
  const { watcher } = options
  let out = ''
  const errors: string[] = []
  const io: ProcessIo = {
    version: '1.2.3',
    host: options.host ?? nodeHost,
    cwd: options.cwd === undefined ? folder : `${folder}/${options.cwd}`,
    readStdin: (maxBytes) => {
      const bytes = Buffer.from(options.stdin ?? '')
      return Promise.resolve(bytes.length > maxBytes ? 'too-large' : bytes)
    },
    stdin: () => chunksOf(options.stdin ?? ''),
    out: (text) => {
      out += text
    },
    warn: (line) => {
      errors.push(line)
    },
    cache: options.cache,
    helm: options.helm ?? (() => Promise.resolve({ status: 'missing' })),
    ...(watcher ? { createWatcher: () => Promise.resolve(watcher) } : {}),
    colours: options.colours ?? false,
    terminal: options.terminal ?? false,
    columns: options.columns,
    workflow: options.workflow ?? false,
    ...(options.workLimit === undefined ? {} : { workLimit: options.workLimit }),
  }
  const status = await program(io)
  return { status, out, errors }
}

/** A text in small chunks, as a pipe delivers it. */
function* textChunks(text: string): Generator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += 1000) yield bytes.subarray(start, start + 1000)
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  for (const chunk of textChunks(text)) {
    await Promise.resolve()
    yield chunk
  }
}
