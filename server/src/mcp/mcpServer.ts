import { HostError, type WritableHost } from '../host.js'
import type { CliIo } from '../cli/io.js'
import { noticesAnswer } from './answer.js'
import { INVALID_PARAMS, METHOD_NOT_FOUND, RpcError, type RpcHandler } from './jsonRpc.js'
import { proposedHost } from './proposedHost.js'
import { pathsWithin, proposedFiles } from './roots.js'
import { validArguments } from './schemas.js'
import { ToolFailure, type RunCommand, type ToolContext } from './tool.js'
import { INSTRUCTIONS, TOOLS } from './tools.js'

/** Revisions of the Model Context Protocol, newest first. The messages of this server are the same in all. */
const REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const

/** Runs a command line: the arguments after the name of the program. */
export type RunCli = (args: readonly string[], io: CliIo) => Promise<number>

/** Answers the requests of the Model Context Protocol for tools. */
export function mcpHandler(io: CliIo, runCli: RunCli): RpcHandler {
  return async (method, params) => {
    const fields = isFields(params) ? params : {}
    switch (method) {
      case 'initialize':
        return initialize(io, fields['protocolVersion'])
      case 'ping':
      case 'notifications/initialized':
      case 'notifications/cancelled':
        return {}
      case 'tools/list':
        return {
          tools: TOOLS.map(({ name, title, description, inputSchema }) => ({
            name,
            title,
            description,
            inputSchema,
            annotations: { title, readOnlyHint: true, openWorldHint: false },
          })),
        }
      case 'tools/call':
        return callTool(fields, { io, runCli })
      default:
        throw new RpcError(METHOD_NOT_FOUND, `Unknown method ${shown(method)}.`)
    }
  }
}

function initialize({ version }: CliIo, wanted: unknown): unknown {
  return {
    protocolVersion: REVISIONS.find((revision) => revision === wanted) ?? REVISIONS[0],
    capabilities: { tools: {} },
    serverInfo: { name: 'ambient-policy', title: 'Istio Ambient Policy', version },
    instructions: INSTRUCTIONS,
  }
}

async function callTool(
  { name, arguments: given }: Readonly<Record<string, unknown>>,
  { io, runCli }: { readonly io: CliIo; readonly runCli: RunCli },
): Promise<unknown> {
  const tool = TOOLS.find((candidate) => candidate.name === name)
  if (!tool)
    throw new RpcError(
      INVALID_PARAMS,
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
    return result([answer, ...(notices.length > 0 ? [noticesAnswer(notices)] : [])], false)
  } catch (error) {
    if (error instanceof ToolFailure) return result([failureAnswer(error)], true)
    throw error
  }
}

function result(texts: readonly string[], isError: boolean): unknown {
  return { content: texts.map((text) => ({ type: 'text', text })), isError }
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

function shown(value: unknown): string {
  return value === undefined ? 'without a name' : JSON.stringify(value).slice(0, 100)
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
