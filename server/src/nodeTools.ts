import type { CliIo } from './cli/io.js'
import { runCli } from './cli/program.js'
import type { AnswerToolCall } from './machine.js'
import { callTool } from './mcp/callTool.js'
import { proposedHost } from './mcp/proposedHost.js'
import { nodeHost } from './nodeHost.js'

/** Answers calls of tools with the command line, in this process. It starts no other program. */
export const answerToolCall: AnswerToolCall = (call, { folder, texts }, pause) => {
  const host =
    texts.size === 0 ? nodeHost : proposedHost(nodeHost, { root: folder, at: folder, files: texts })
  return callTool(call, { io: { ...SILENT, host, cwd: folder, pause }, runCli })
}

/** The streams of the language server belong to the editor. `callTool` collects the output of commands. */
const SILENT: Omit<CliIo, 'host' | 'cwd' | 'pause'> = {
  version: '',
  readStdin: () => Promise.resolve(new Uint8Array()),
  stdin: () => NO_INPUT,
  out: () => undefined,
  outCommands: () => undefined,
  warn: () => undefined,
  helm: () => Promise.resolve({ status: 'missing' }),
  colours: false,
  terminal: false,
  workflow: false,
}

const NO_INPUT: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({
    next: () => Promise.resolve({ done: true, value: undefined }),
  }),
}
