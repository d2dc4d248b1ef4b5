import {
  evaluateArgument,
  lensesFor,
  roleOf,
  type Analysis,
  type CodeLensSettings,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { CodeLens, CodeLensParams, Command, Connection } from 'vscode-languageserver'
import { objectDocumentUris } from './objectDocuments.js'
import { answering, type ServerContext } from './serverContext.js'

/** `textDocument/codeLens`: lines above each object, and what can be done with it. */
export function registerCodeLens(connection: Connection, context: ServerContext): void {
  connection.onCodeLens(
    answering<CodeLensParams, CodeLens[]>(context, 'code lens', ({ file, analysis }) => {
      const folder = context.workspaces.folderOf(file)
      // Of half a mesh nothing is said; the client asks again when all of it is read.
      if (folder?.ready === false) return []
      const resources =
        analysis.files.get(file)?.documents.flatMap(({ facts }) => [...facts.resources]) ?? []
      return resources
        .filter((resource) => isShown(resource, folder?.settings.codeLens))
        .flatMap((resource) => {
          const titles = lensesFor(analysis.mesh, resource).map(({ title, path }) => ({
            command: { title, command: '' },
            path,
          }))
          const actions = actionsOn(analysis, resource, context).map((command) => ({
            command,
            path: [],
          }))
          return [...titles, ...actions].flatMap(({ command, path }): CodeLens[] => {
            const place = analysis.locate({ kind: 'field', resource, path, on: 'key' })
            return place?.file === file
              ? [{ range: { start: place.range.start, end: place.range.start }, command }]
              : []
          })
        })
    }),
  )
}

/** The client's commands that make sense on an object, with what they need to know of it. */
function actionsOn(analysis: Analysis, resource: Resource, context: ServerContext): Command[] {
  const { evaluateCommand, showReceivedCommand, showStatusCommand } = context.client
  const evaluated =
    evaluateCommand === undefined
      ? undefined
      : evaluateArgument(
          context.wholeMesh(analysis).resource(resource),
          context.diagnostics.uriOf(resource.origin.file),
        )
  const { received, status } = objectDocumentUris(analysis, resource, context)
  return [
    ...(evaluateCommand !== undefined && evaluated
      ? [{ title: 'Evaluate request…', command: evaluateCommand, arguments: [evaluated] }]
      : []),
    ...(showReceivedCommand !== undefined && received !== undefined
      ? [{ title: 'What ztunnel receives', command: showReceivedCommand, arguments: [received] }]
      : []),
    ...(showStatusCommand !== undefined && status !== undefined
      ? [{ title: 'Predicted status', command: showStatusCommand, arguments: [status] }]
      : []),
  ]
}

function isShown({ type }: Resource, settings: CodeLensSettings | undefined): boolean {
  switch (roleOf(type)) {
    case 'policy':
      return settings?.policies ?? true
    case 'gateway':
      return settings?.waypoints ?? true
    case 'account':
      return settings?.serviceAccounts ?? true
    default:
      return settings?.workloads ?? true
  }
}
