import { PRODUCT_NAME } from '@istio-ambient-policy/shared/messages'
import type { CliIo } from '../cli/io.js'
import {
  callTool,
  shown,
  UnknownTool,
  type RunCli,
  type ToolCall,
  type ToolProcess,
} from './callTool.js'
import { INVALID_PARAMS, METHOD_NOT_FOUND, RpcError, type RpcHandler } from './jsonRpc.js'
import { INSTRUCTIONS, TOOLS } from './tools.js'

/** Revisions of the Model Context Protocol, newest first. The messages of this server are the same in all. */
const REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const

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
        return resultOf({ name: fields['name'], arguments: fields['arguments'] }, { io, runCli })
      default:
        throw new RpcError(METHOD_NOT_FOUND, `Unknown method ${shown(method)}.`)
    }
  }
}

function initialize({ version }: CliIo, wanted: unknown): unknown {
  return {
    protocolVersion: REVISIONS.find((revision) => revision === wanted) ?? REVISIONS[0],
    capabilities: { tools: {} },
    serverInfo: { name: 'ambient-policy', title: PRODUCT_NAME, version },
    instructions: INSTRUCTIONS,
  }
}

/** The result of a call. A tool that fails says why; a tool that does not exist is an error of the protocol. */
async function resultOf(call: ToolCall, process: ToolProcess): Promise<unknown> {
  try {
    const { texts, isError } = await callTool(call, process)
    return { content: texts.map((text) => ({ type: 'text', text })), isError }
  } catch (error) {
    if (error instanceof UnknownTool) throw new RpcError(INVALID_PARAMS, error.message)
    throw error
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
