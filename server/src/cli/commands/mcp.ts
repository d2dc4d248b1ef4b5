import { HostError } from '../../host.js'
import type { RunCli } from '../../mcp/callTool.js'
import { serveJsonRpc } from '../../mcp/jsonRpc.js'
import { mcpHandler } from '../../mcp/mcpServer.js'
import { CommandFailure, EXIT_OK, type CliIo } from '../io.js'
import { absolutePath } from '../paths.js'
import type { AddCommand } from './commandLine.js'

const EXAMPLES = `
Example of a client's configuration:
  {"mcpServers": {"ambient-policy": {"command": "ambient-policy", "args": ["mcp", "/path/to/repository"]}}}

The tools read files below the root folder, and change none. Nothing leaves this machine.`

/**
 * `mcp`: serves the Model Context Protocol on standard input and output, until the input ends. Its tools run command
 * lines: `runCli`.
 */
export const addMcp =
  (runCli: RunCli): AddCommand =>
  (program, io, finish) => {
    program
      .command('mcp')
      .description('serve the answers of this program to an AI assistant (Model Context Protocol)')
      .argument('[root]', 'folder that the tools can read', '.')
      .addHelpText('after', EXAMPLES)
      .action(async (root: string) => {
        finish(await serve(io, root, runCli))
      })
  }

async function serve(io: CliIo, root: string, runCli: RunCli): Promise<number> {
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
