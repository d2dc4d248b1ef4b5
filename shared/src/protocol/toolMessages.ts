/**
 * Client → server: calls a tool for an assistant (`CallToolParams` → `CallToolResult`). The tools, their arguments and
 * answers are those of the command line `mcp`. They read the workspace folder, with the texts of open documents and
 * the settings of the editor.
 */
export const CALL_TOOL_REQUEST = 'istioAmbientPolicy/callTool'

export interface CallToolParams {
  readonly name: string
  /** The arguments of the tool. `folder` can name the workspace folder. */
  readonly arguments: unknown
  /** A document of the workspace folder, if `folder` does not name one. */
  readonly textDocument?: { readonly uri: string }
}

export interface CallToolResult {
  /** The answer, or why there is none. */
  readonly text: string
  readonly isError: boolean
}
