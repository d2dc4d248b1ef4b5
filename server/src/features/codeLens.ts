import { lensesFor, type CodeLensSettings, type Lens, type Resource } from '@istio-ambient-policy/shared'
import type { CodeLens, CodeLensParams, Connection, ServerCapabilities } from 'vscode-languageserver'
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
