import {
  addToGroup,
  lineStartsOf,
  offsetAt,
  sameNames,
  thingKey,
  whyNoName,
  whyNotRenamed,
  type FileEdit,
  type MentionPlace,
  type Thing,
} from '@istio-ambient-policy/shared'
import type {
  Connection,
  PrepareRenameParams,
  PrepareRenameResult,
  RenameParams,
  WorkspaceEdit,
} from 'vscode-languageserver'
import { toWorkspaceEdit } from '../convert/toWorkspaceEdit.js'
import { ErrorCodes, ResponseError } from '../lsp.js'
import { placesOf } from './navigation.js'
import { requestHandler, type RequestedFile, type ServerContext } from './serverContext.js'

/**
 * `textDocument/prepareRename` and `textDocument/rename`: renames a ServiceAccount, Namespace, Service, ServiceEntry,
 * Gateway or the value of a label in all fields that name it.
 */
export function registerRename(connection: Connection, context: ServerContext): void {
  connection.onPrepareRename(
    requestHandler<PrepareRenameParams, PrepareRenameResult | ResponseError<undefined>>(
      context,
      'prepare rename',
      (requested, { position }) => {
        const at = renamedAt(requested, position, context)
        if (!at) return null
        const problem = whyNotRenamed(requested.analysis.mesh, at.mention.thing)
        return problem === undefined
          ? { range: at.range, placeholder: nameOf(at.mention.thing) }
          : failure(problem)
      },
    ),
  )
  connection.onRenameRequest(
    requestHandler<RenameParams, WorkspaceEdit | ResponseError<undefined>>(
      context,
      'rename',
      (requested, { position, newName }) => {
        const at = renamedAt(requested, position, context)
        return at && renamed(requested, { at, newName, context })
      },
    ),
  )
}

/** The name at a position that can be replaced. The key of a label cannot be replaced. */
function renamedAt(
  { file, analysis }: RequestedFile,
  position: PrepareRenameParams['position'],
  context: ServerContext,
): MentionPlace | null {
  const found = placesOf(analysis, context).at(file, position)
  return (
    found.find(
      ({ literal, range: { start, end } }) =>
        literal &&
        start.line === position.line &&
        position.character >= start.character &&
        position.character <= end.character,
    ) ?? null
  )
}

function renamed(
  { analysis }: RequestedFile,
  {
    at,
    newName,
    context,
  }: { readonly at: MentionPlace; readonly newName: string; readonly context: ServerContext },
): WorkspaceEdit | ResponseError<undefined> {
  const { mesh } = analysis
  const { thing } = at.mention
  const problem = whyNotRenamed(mesh, thing) ?? whyNoName(mesh, thing, newName)
  if (problem !== undefined) return failure(problem)
  const places = placesOf(analysis, context)
  const edits = new Map<string, FileEdit['edits'][number][]>()
  for (const mention of mesh.get(sameNames, thingKey(thing))) {
    const place = places.of(mention)
    if (!place) continue
    if (!place.literal)
      return failure(
        `The name in line ${place.range.start.line + 1} of ${place.file} cannot be replaced: it is not written literally.`,
      )
    const lineStarts = lineStartsOf(context.sources.text(place.file) ?? '')
    const edit = {
      span: {
        start: offsetAt(lineStarts, place.range.start),
        end: offsetAt(lineStarts, place.range.end),
      },
      newText: newName,
    }
    addToGroup(edits, place.file, edit)
  }
  const files = [...edits].map(([file, changes]): FileEdit => ({
    file,
    edits: changes.sort((a, b) => a.span.start - b.span.start),
  }))
  return toWorkspaceEdit(
    `Rename ${thing.kind} ${nameOf(thing)} to ${newName}`,
    files,
    context.edits,
  )
}

function nameOf({ kind, name }: Thing): string {
  return kind === 'Label' ? name.slice(name.indexOf('=') + 1) : name
}

function failure(message: string): ResponseError<undefined> {
  return new ResponseError(ErrorCodes.InvalidRequest, message)
}
