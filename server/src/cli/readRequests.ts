import { decodeRequest, type AccessRequest } from '@istio-ambient-policy/shared'
import { CommandFailure, type CliIo } from './io.js'
import { inputText, parseJson, readInput, readStdinBytes } from './readInput.js'

/**
 * The requests of a JSON Lines file; `-` is standard input. Empty lines are ignored. Throws a `CommandFailure` for the
 * first invalid line.
 */
export async function readRequests(io: CliIo, file: string): Promise<AccessRequest[]> {
  const text = file === '-' ? inputText(file, await readStdinBytes(io)) : readInput(io, file)
  return text
    .split(/\r?\n/)
    .flatMap((line, index) => (line.trim() === '' ? [] : [readLine(line, `${file}:${index + 1}:`)]))
}

function readLine(line: string, where: string): AccessRequest {
  const { request, problem } = decodeRequest(parseJson(line, where))
  if (request === undefined) throw new CommandFailure(`${where} ${problem}`)
  return request
}
