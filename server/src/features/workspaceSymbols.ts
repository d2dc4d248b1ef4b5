import { printable, type Resource } from '@istio-ambient-policy/shared'
import type { Connection, SymbolInformation } from 'vscode-languageserver'
import { describeError } from '../log.js'
import { LSPErrorCodes, ResponseError } from '../lsp.js'
import { locationOf } from './navigation.js'
import { kindAndNamespace, symbolKindOf } from './objectSymbol.js'
import type { ServerContext } from './serverContext.js'

/** Maximum number of symbols. Editors send the request again with each letter. */
const LIMIT = 500

/** `workspace/symbol`: the objects of all meshes whose names contain the letters of the query. */
export function registerWorkspaceSymbols(connection: Connection, context: ServerContext): void {
  connection.onWorkspaceSymbol(({ query }, token) => {
    if (token.isCancellationRequested)
      return new ResponseError(LSPErrorCodes.RequestCancelled, 'workspace symbols was cancelled')
    try {
      return context.workspaces.runWithinLimit(undefined, () => symbolsFor(query, context))
    } catch (error) {
      context.log.error(`workspace symbols failed: ${describeError(error)}`)
      return null
    }
  })
}

function symbolsFor(query: string, context: ServerContext): SymbolInformation[] {
  const found = new Map<string, SymbolInformation>()
  for (const analysis of context.workspaces.folders.flatMap((folder) => folder.analyses())) {
    for (const { documents } of analysis.files.values()) {
      for (const resource of documents.flatMap(({ facts }) => facts.resources)) {
        if (found.size >= LIMIT) return [...found.values()]
        if (!isShown(resource) || !hasLettersOf(query, resource)) continue
        const place = analysis.locate({
          kind: 'field',
          resource,
          path: ['metadata', 'name'],
          on: 'value',
        })
        if (!place) continue
        // A file of several meshes has the same object several times.
        const location = locationOf(place, context)
        found.set(
          `${location.uri} ${location.range.start.line} ${location.range.start.character}`,
          {
            name: printable(resource.name),
            kind: symbolKindOf(resource),
            containerName: kindAndNamespace(resource),
            location,
          },
        )
      }
    }
  }
  return [...found.values()]
}

function isShown({ type, name }: Resource): boolean {
  return name !== '' && type !== 'Other'
}

/** Whether `kind namespace/name` contains the letters of the query in their order. */
function hasLettersOf(query: string, { type, namespace, name }: Resource): boolean {
  const text = `${type} ${namespace}/${name}`.toLowerCase()
  let from = 0
  for (const letter of query.toLowerCase().replaceAll(' ', '')) {
    const at = text.indexOf(letter, from)
    if (at < 0) return false
    from = at + 1
  }
  return true
}
