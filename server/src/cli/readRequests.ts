import { decodeRequest, type AccessRequest } from '@istio-ambient-policy/shared'
import { HostError } from '../host.js'
import { decodeText } from '../workspace/decodeText.js'
import { CommandFailure, type CliIo } from './io.js'
import { absolutePath } from './paths.js'

const MAX_BYTES = 100_000_000

/** The requests of a JSON Lines file; `-` is standard input. Empty lines are passed over; the first line that is no request ends the command. */
export async function readRequests(io: CliIo, file: string): Promise<AccessRequest[]> {
  const { text } = decodeText(file === '-' ? await io.readStdin() : readBytes(io, file))
  if (text === undefined) throw new CommandFailure(`${file} is not UTF-8 text`)
  return text.replace(/^\ufeff/, '').split(/\r?\n/).flatMap((line, index) => (line.trim() === '' ? [] : [readLine(line, `${file}:${index + 1}:`)]))
}

function readBytes(io: CliIo, file: string): Uint8Array {
  try {
    const bytes = io.host.readFile(absolutePath(io.cwd, file), MAX_BYTES)
    if (bytes === 'too-large') throw new CommandFailure(`${file} is larger than ${MAX_BYTES / 1_000_000} MB`)
    return bytes
  } catch (error) {
    if (error instanceof HostError) throw new CommandFailure(`${file} ${error.message}`)
    throw error
  }
}

function readLine(line: string, where: string): AccessRequest {
  const { request, problem } = decodeRequest(parse(line, where))
  if (request === undefined) throw new CommandFailure(`${where} ${problem}`)
  return request
}

function parse(line: string, where: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandFailure(`${where} is not JSON: ${error.message.split('\n')[0] ?? ''}`)
    throw error
  }
}
