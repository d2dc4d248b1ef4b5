import {
  CALL_TOOL_REQUEST,
  mergeSettings,
  readSettingsFile,
  SETTINGS_FILE,
  type CallToolParams,
  type CallToolResult,
} from '@istio-ambient-policy/shared'
import type { CancellationToken, Connection } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { HostError, type Host } from '../host.js'
import { LSPErrorCodes, ResponseError } from '../lsp.js'
import { describeError } from '../log.js'
import type { AnswerToolCall, Machine, ToolFiles } from '../machine.js'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.js'
import { fieldOf } from './clientAbilities.js'
import type { ServerContext } from './serverContext.js'
import { Cancelled, pauseOf } from './slices.js'

/**
 * `istioAmbientPolicy/callTool`: the tools for assistants, with the answers of the command line for the texts in the
 * editor. Other requests are handled between the files, and a cancelled call ends early.
 */
export function registerAssistantTools(
  connection: Connection,
  context: ServerContext,
  loadTools: Machine['loadTools'],
): void {
  let loaded: Promise<AnswerToolCall> | undefined
  connection.onRequest(
    CALL_TOOL_REQUEST,
    async (
      params: CallToolParams,
      token: CancellationToken,
    ): Promise<CallToolResult | ResponseError<undefined>> => {
      const folder = folderFor(params, context)
      if (typeof folder === 'string') return failure(folder)
      if (!loadTools || !isLocal(folder))
        return failure('The tools need files on the machine of the language server.')
      try {
        const answer = await (loaded ??= loadTools())
        const { texts, isError } = await answer(
          { name: params.name, arguments: withoutFolder(params.arguments) },
          filesOf(folder, context),
          pauseOf(token),
        )
        return { text: texts.join('\n'), isError }
      } catch (error) {
        if (error instanceof Cancelled)
          return new ResponseError(LSPErrorCodes.RequestCancelled, 'call tool was cancelled')
        context.log.error(`call tool failed: ${describeError(error)}`)
        return failure(error instanceof Error ? error.message : 'The tool failed.')
      }
    },
  )
}

function failure(text: string): CallToolResult {
  return { text, isError: true }
}

/** The workspace folder of a call; or the reason why it is not known. */
function folderFor(
  { arguments: given, textDocument }: CallToolParams,
  { workspaces, files }: ServerContext,
): WorkspaceFolder | string {
  const folders = workspaces.folders.filter((each) => !isLocal(each) || isDirectory(files, each))
  const name = fieldOf(given, 'folder')
  const names = folders.map(({ folder }) => nameOf(folder)).join(', ')
  if (name !== undefined) {
    const named = folders.find(({ folder }) => nameOf(folder) === name)
    return (
      named ?? `There is no workspace folder ${JSON.stringify(name)}: the folders are ${names}.`
    )
  }
  const ofDocument = textDocument && workspaces.folderOf(fileOfUri(textDocument.uri))
  const [only, ...others] = folders
  if (only && others.length === 0) return only
  if (ofDocument && folders.includes(ofDocument)) return ofDocument
  return only ? `Give the argument folder: one of ${names}.` : 'No folder is open.'
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1)
}

/** Folders of the client have URIs instead of paths. */
function isLocal({ folder }: WorkspaceFolder): boolean {
  return folder.startsWith('/') || /^[a-z]:\//.test(folder)
}

/** A single file that is open outside of all folders has no root folder. */
function isDirectory(files: Pick<Host, 'kindOf'>, { folder }: WorkspaceFolder): boolean {
  try {
    return files.kindOf(folder) === 'directory'
  } catch (error) {
    if (error instanceof HostError) return false
    throw error
  }
}

function withoutFolder(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'folder'))
}

/** The texts in the editor, and its settings as a settings file if the repository has others. */
function filesOf({ folder, settings }: WorkspaceFolder, { sources }: ServerContext): ToolFiles {
  const texts = new Map<string, string>()
  for (const file of sources.openFiles()) {
    const text = sources.text(file)
    if (file.startsWith(`${folder}/`) && text !== undefined) texts.set(file, text)
  }
  const settingsFile = `${folder}/${SETTINGS_FILE}`
  const ofRepository = readSettingsFile(sources.text(settingsFile) ?? '').settings
  const inEffect = JSON.stringify(settings)
  if (inEffect !== JSON.stringify(mergeSettings(ofRepository))) texts.set(settingsFile, inEffect)
  return { folder, texts }
}
