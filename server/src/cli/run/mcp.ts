import { HostError } from '../../host.js'
import type { RunCli } from '../../mcp/callTool.js'
import { serveJsonRpc } from '../../mcp/jsonRpc.js'
import { mcpHandler } from '../../mcp/mcpServer.js'
import { CommandFailure, EXIT_OK, type CliIo } from '../io.js'
import { absolutePath } from '../paths.js'

export async function serve(io: CliIo, root: string, runCli: RunCli): Promise<number> {
  const handler = mcpHandler({ ...io, cwd: rootFolder(io, root) }, runCli)
  await serveJsonRpc(io.stdin(), handler, (line) => {
    io.out(line)
  })
  return EXIT_OK
}

function rootFolder(io: CliIo, root: string): string {
  const path = absolutePath(io.cwd, root)
  try {
    if (io.host.kindOf(path) === 'directory') return path
  } catch (error) {
    if (error instanceof HostError) throw new CommandFailure(`${root} ${error.message}`)
    throw error
  }
  throw new CommandFailure(`${root} is not a folder`)
}
