import type { RunCli } from '../../mcp/callTool.js'
import type { AddCommand } from './commandLine.js'

const EXAMPLES = `
Example of a client's configuration:
  {
    "mcpServers": {
      "ambient-policy": {
        "command": "ambient-policy",
        "args": ["mcp", "/path/to/repository"]
      }
    }
  }

The tools read files below the root folder, and change none. Nothing leaves this
machine.`

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
        const { serve } = await import('../run/mcp.js')
        finish(await serve(io, root, runCli))
      })
  }
