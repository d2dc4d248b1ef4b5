import { HostError, type WritableHost } from '../host.js'
import type { CliIo } from '../cli/io.js'
import { noticesAnswer } from './answer.js'
import { proposedHost } from './proposedHost.js'
import { pathsWithin, proposedFiles } from './roots.js'
import { validArguments } from './schemas.js'
import { ToolFailure, type RunCommand, type ToolContext } from './tool.js'
import { TOOLS } from './tools.js'

/** Runs a command line: the arguments after the name of the program. */
export type RunCli = (args: readonly string[], io: CliIo) => Promise<number>

/** A call of a tool, as the client sent it. */
export interface ToolCall {
  readonly name: unknown
  readonly arguments: unknown
}

/** The answer of a tool, and in a second text what standard error says about it. */
export interface ToolAnswer {
  readonly texts: readonly string[]
  /** The text says why there is no answer. */
  readonly isError: boolean
}

/** The process of a tool: the command line and the root folder (`cwd`). */
export interface ToolProcess {
  readonly io: CliIo
  readonly runCli: RunCli
}

/** A call of a tool that does not exist. */
export class UnknownTool extends Error {
  override readonly name = 'UnknownTool'
}

/** Calls a tool. Files are only read. Throws `UnknownTool`. */
export async function callTool(
  { name, arguments: given }: ToolCall,
  { io, runCli }: ToolProcess,
): Promise<ToolAnswer> {
  const tool = TOOLS.find((candidate) => candidate.name === name)
  if (!tool)
    throw new UnknownTool(
      `Unknown tool ${shown(name)}: the tools are ${TOOLS.map((each) => each.name).join(', ')}.`,
    )
  const notices: string[] = []
  const context: ToolContext = {
    run: commandRunner(io, { runCli, notices }),
    paths: (paths) => pathsWithin(io, paths),
    proposed: (files) => proposedFiles(io, files),
  }
  try {
    const answer = await tool.run(validArguments(tool, given), context)
    const texts = [answer, ...(notices.length > 0 ? [noticesAnswer(notices)] : [])]
    return { texts, isError: false }
  } catch (error) {
    if (error instanceof ToolFailure) return { texts: [failureAnswer(error)], isError: true }
    throw error
  }
}

function failureAnswer({ message }: ToolFailure): string {
  return noticesAnswer([message]).replace('Notices: ', '')
}

/** Runs commands of the command line. They cannot write files. */
function commandRunner(
  io: CliIo,
  { runCli, notices }: { readonly runCli: RunCli; readonly notices: string[] },
): RunCommand {
  return async (args, { stdin = '', proposed, proposedAt = io.cwd } = {}) => {
    let out = ''
    const first = notices.length
    const status = await runCli(args, {
      ...io,
      host: proposed
        ? proposedHost(readOnly(io.host), { root: io.cwd, at: proposedAt, files: proposed })
        : readOnly(io.host),
      // Tools write no file, also no cache.
      cache: undefined,
      readStdin: () => Promise.resolve(Buffer.from(stdin)),
      out: (text) => {
        out += text
      },
      warn: (line) => {
        notices.push(line)
      },
      colours: false,
    })
    return { status, out, notices: notices.slice(first) }
  }
}

function readOnly(host: WritableHost): WritableHost {
  const refuse = (): never => {
    throw new HostError('is not written: this server only reads', false)
  }
  return { ...host, replaceFile: refuse, writeFile: refuse }
}

/** A value of a message, as a text of limited length. */
export function shown(value: unknown): string {
  return value === undefined ? 'without a name' : JSON.stringify(value).slice(0, 100)
}
