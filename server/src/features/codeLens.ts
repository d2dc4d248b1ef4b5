import {
  printable,
  evaluateArgument,
  lensesFor,
  lensObjects,
  roleOf,
  type Analysis,
  type CodeLensSettings,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { CodeLens, CodeLensParams, Command, Connection } from 'vscode-languageserver'
import { isInMeshOf } from './compareAccess.js'
import { locationOf } from './navigation.js'
import { objectDocumentUris } from './objectDocuments.js'
import { placeOfObject } from './objectSymbol.js'
import { requestHandler, type ServerContext } from './serverContext.js'
import { testLenses } from './testFiles.js'

/** `textDocument/codeLens`: a summary above each object, and commands for it. */
export function registerCodeLens(connection: Connection, context: ServerContext): void {
  connection.onCodeLens(
    requestHandler<CodeLensParams, CodeLens[]>(
      context,
      'code lens',
      ({ file, analysis }) => {
        const folder = context.workspaces.folderOf(file)
        // The client requests the code lenses again after the whole folder was read.
        if (folder?.ready === false || !analysis.mentionsIstio) return []
        const resources =
          analysis.files.get(file)?.documents.flatMap(({ facts }) => [...facts.resources]) ?? []
        return resources
          .filter((resource) => isShown(resource, folder?.settings.codeLens))
          .flatMap((resource) => {
            const titles = lensesFor(analysis.mesh, resource).map(({ title, path }) => ({
              command: summaryCommand(printable(title), { analysis, resource, context }),
              path,
            }))
            const actions = commandsFor(analysis, resource, context).map((command) => ({
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
      },
      (file) => testLenses(context, file),
    ),
  )
}

/** More places are of no use in a peek view, and take long to find. */
const MAX_PLACES = 100

/** The summary, which shows the objects that it is about where the client can. */
function summaryCommand(
  title: string,
  {
    analysis,
    resource,
    context,
  }: {
    readonly analysis: Analysis
    readonly resource: Resource
    readonly context: ServerContext
  },
): Command {
  const { showPlacesCommand } = context.client
  const own = analysis.locate({ kind: 'field', resource, path: [], on: 'key' })
  const locations =
    showPlacesCommand === undefined
      ? []
      : lensObjects(analysis.mesh, resource)
          .slice(0, MAX_PLACES)
          .flatMap((object) => {
            const place = placeOfObject(analysis, object)
            return place
              ? [locationOf({ file: place.file, range: place.selectionRange }, context)]
              : []
          })
  return showPlacesCommand === undefined || !own || locations.length === 0
    ? { title, command: '' }
    : {
        title,
        command: showPlacesCommand,
        arguments: [context.diagnostics.uriOf(own.file), own.range.start, locations],
      }
}

/** The client's commands for an object, with their arguments. */
export function commandsFor(
  analysis: Analysis,
  resource: Resource,
  context: ServerContext,
): Command[] {
  const { evaluateCommand, accessCommand, showReceivedCommand, showStatusCommand } = context.client
  const argument =
    evaluateCommand === undefined && accessCommand === undefined
      ? undefined
      : evaluateArgument(
          context.closedMesh(analysis).resource(resource),
          context.diagnostics.uriOf(resource.origin.file),
        )
  const { received, status } = objectDocumentUris(analysis, resource, context)
  return [
    ...(evaluateCommand !== undefined && argument
      ? [{ title: 'Evaluate request…', command: evaluateCommand, arguments: [argument] }]
      : []),
    ...(accessCommand !== undefined && argument?.to && resource.type !== 'AuthorizationPolicy'
      ? [{ title: 'Who can reach this?', command: accessCommand, arguments: [argument] }]
      : []),
    ...sinceRevision(analysis, resource, context),
    ...(showReceivedCommand !== undefined && received !== undefined
      ? [{ title: 'What ztunnel receives', command: showReceivedCommand, arguments: [received] }]
      : []),
    ...(showStatusCommand !== undefined && status !== undefined
      ? [{ title: 'Predicted status', command: showStatusCommand, arguments: [status] }]
      : []),
  ]
}

/** What the change of a policy since a revision opens and closes: `opens 2 · closes 1 since HEAD`. */
function sinceRevision(analysis: Analysis, resource: Resource, context: ServerContext): Command[] {
  const { client, baseTexts, diagnostics } = context
  if (client.compareCommand === undefined || resource.type !== 'AuthorizationPolicy') return []
  const effect = baseTexts.effectOf(resource, analysis, isInMeshOf(analysis, context))
  if (!effect) return []
  const opened = effect.opens.length + effect.allows.length
  const closed = effect.closes.length
  const counts = [
    ...(opened > 0 ? [`opens ${opened}`] : []),
    ...(closed > 0 ? [`closes ${closed}`] : []),
  ]
  const words = counts.length > 0 ? counts.join(' · ') : 'same access'
  return [
    {
      title: `${words} since ${baseTexts.name}`,
      command: client.compareCommand,
      arguments: [diagnostics.uriOf(resource.origin.file)],
    },
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
