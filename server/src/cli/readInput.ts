import { HostError } from '../host.js'
import { decodeText } from '../workspace/decodeText.js'
import { readArgument } from './argument.js'
import { CommandFailure, type CliIo } from './io.js'
import { absolutePath, STDIN } from './paths.js'

const MAX_BYTES = 100_000_000

/** The text of a file, without a byte order mark. Throws a `CommandFailure` if it cannot be read. */
export function readInput(io: CliIo, file: string): string {
  return inputText(file, readBytes(io, file))
}

/** Decodes UTF-8 text. Throws a `CommandFailure` for other bytes. */
export function inputText(name: string, bytes: Uint8Array): string {
  const { text } = decodeText(bytes)
  if (text === undefined) throw new CommandFailure(`${name} is not UTF-8 text`)
  return text.replace(/^\ufeff/, '')
}

function readBytes(io: CliIo, file: string): Uint8Array {
  try {
    const bytes = readArgument(io, absolutePath(io.cwd, file), MAX_BYTES)
    if (bytes === 'too-large') throw tooLarge(file)
    return bytes
  } catch (error) {
    if (error instanceof HostError) throw new CommandFailure(`${file} ${error.message}`)
    throw error
  }
}

/** The bytes of standard input. Throws a `CommandFailure` if there are too many. */
export async function readStdinBytes(io: CliIo): Promise<Uint8Array> {
  const bytes = await io.readStdin(MAX_BYTES)
  if (bytes === 'too-large') throw tooLarge(STDIN)
  return bytes
}

function tooLarge(name: string): CommandFailure {
  return new CommandFailure(`${name} is larger than ${MAX_BYTES / 1_000_000} MB`)
}

/** Parses JSON. Throws a `CommandFailure` if it is not valid; `where` is the start of its message. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CommandFailure(`${where} is not JSON: ${error.message.split('\n')[0] ?? ''}`)
    throw error
  }
}
