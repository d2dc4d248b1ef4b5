import { HostError } from '../host.js'
import { decodeText } from '../workspace/decodeText.js'
import { CommandFailure, type CliIo } from './io.js'
import { absolutePath } from './paths.js'

const MAX_BYTES = 100_000_000

/** The text of a file that an option names, without a byte order mark. What cannot be read ends the command. */
export function readInput(io: CliIo, file: string): string {
  return inputText(file, readBytes(io, file))
}

/** Bytes as the text that they have to be. */
export function inputText(name: string, bytes: Uint8Array): string {
  const { text } = decodeText(bytes)
  if (text === undefined) throw new CommandFailure(`${name} is not UTF-8 text`)
  return text.replace(/^\ufeff/, '')
}

function readBytes(io: CliIo, file: string): Uint8Array {
  try {
    const bytes = io.host.readFile(absolutePath(io.cwd, file), MAX_BYTES)
    if (bytes === 'too-large')
      throw new CommandFailure(`${file} is larger than ${MAX_BYTES / 1_000_000} MB`)
    return bytes
  } catch (error) {
    if (error instanceof HostError) throw new CommandFailure(`${file} ${error.message}`)
    throw error
  }
}

/** The value that a JSON text stands for. What is no JSON ends the command. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CommandFailure(`${where} is not JSON: ${error.message.split('\n')[0] ?? ''}`)
    throw error
  }
}
