import { lensesFor, type CodeLensSettings, type Lens, type Resource } from '@istio-ambient-policy/shared'
import { CodeLensRefreshRequest, type CodeLens, type CodeLensParams, type Connection, type ServerCapabilities } from 'vscode-languageserver'
import { describeError, type Log } from '../log.js'
import { answering, type ServerContext } from './serverContext.js'

/** `textDocument/codeLens`: one line above each object. */
export function registerCodeLens(connection: Connection, context: ServerContext): ServerCapabilities {
  connection.onCodeLens(answering<CodeLensParams, CodeLens[]>(context, 'code lens', ({ file, analysis }) => {
    const settings = context.workspaces.folderOf(file)?.settings.codeLens
    const resources = analysis.files.get(file)?.documents.flatMap(({ facts }) => [...facts.resources]) ?? []
    return resources.filter((resource) => isShown(resource, settings)).flatMap((resource) =>
      lensesFor(analysis.mesh, resource).flatMap((lens) => {
        const place = analysis.locate({ resource, path: lens.path, on: 'key' })
        return place ? [{ range: { start: place.range.start, end: place.range.start }, command: commandOf(lens) }] : []
      }),
    )
  }))
  return { codeLensProvider: { resolveProvider: false } }
}

/** A lens without a command is text that cannot be clicked. */
function commandOf({ title }: Lens): CodeLens['command'] {
  return { title, command: '' }
}

function isShown({ type }: Resource, settings: CodeLensSettings | undefined): boolean {
  switch (type) {
    case 'AuthorizationPolicy':
    case 'PeerAuthentication':
    case 'RequestAuthentication':
      return settings?.policies ?? true
    case 'Gateway':
    case 'GatewayClass':
      return settings?.waypoints ?? true
    case 'ServiceAccount':
      return settings?.serviceAccounts ?? true
    default:
      return settings?.workloads ?? true
  }
}

const REFRESH_MILLISECONDS = 200

/** Makes the client ask again for the lenses of what it shows; once for everything that happens in a short while. */
export function codeLensRefresher(connection: Connection, log: Log): () => void {
  let timer: NodeJS.Timeout | undefined
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined
      connection.sendRequest(CodeLensRefreshRequest.type).catch((error: unknown) => {
        log.error(`Code lenses are not up to date: ${describeError(error)}`)
      })
    }, REFRESH_MILLISECONDS).unref()
  }
}
