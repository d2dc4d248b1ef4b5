import {
  addToGroup,
  getOrInsert,
  lineStartsOf,
  offsetAt,
  qualifiedName,
  sameNames,
  thingKey,
  whyNoName,
  whyNotRenamed,
  type Analysis,
  type FileEdit,
  type LineStarts,
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
import { testNameAt, testNamesOf } from './testNames.js'

/**
 * `textDocument/prepareRename` and `textDocument/rename`: renames a ServiceAccount, Namespace, Service, ServiceEntry,
 * Gateway, workload or the value of a label in all fields that name it, and in policy tests.
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
      (file, { position }) => {
        const at = testNameAt(context, file, position)
        if (!at) return null
        const { thing, range } = at.name
        const problem = at.analysis ? whyNotRenamed(at.analysis.mesh, thing) : notInMesh(thing)
        return problem === undefined ? { range, placeholder: nameOf(thing) } : failure(problem)
      },
    ),
  )
  connection.onRenameRequest(
    requestHandler<RenameParams, WorkspaceEdit | ResponseError<undefined>>(
      context,
      'rename',
      (requested, { position, newName }) => {
        const at = renamedAt(requested, position, context)
        const { analysis } = requested
        return at && renamed({ analysis, thing: at.mention.thing, newName, context })
      },
      (file, { position, newName }) => {
        const at = testNameAt(context, file, position)
        if (!at) return null
        const { analysis, name } = at
        const { thing } = name
        return analysis ? renamed({ analysis, thing, newName, context }) : failure(notInMesh(thing))
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

interface Rename {
  readonly analysis: Analysis
  readonly thing: Thing
  readonly newName: string
  readonly context: ServerContext
}

/** The edits in the manifests of the mesh, and in the policy tests of this mesh. */
function renamed({
  analysis,
  thing,
  newName,
  context,
}: Rename): WorkspaceEdit | ResponseError<undefined> {
  const { mesh } = analysis
  const problem = whyNotRenamed(mesh, thing) ?? whyNoName(mesh, thing, newName)
  if (problem !== undefined) return failure(problem)
  const places = placesOf(analysis, context)
  const mentions = mesh.get(sameNames, thingKey(thing))
  const inMesh = mentions.flatMap((mention) => places.of(mention) ?? [])
  const inTests = testNamesOf(
    context,
    new Set(mentions.map((mention) => thingKey(mention.thing))),
    new Set(inMesh.map(({ file }) => file)),
  )
  const edits = new Map<string, FileEdit['edits'][number][]>()
  const lineStartsIn = new Map<string, LineStarts>()
  for (const { file, range, literal } of [...inMesh, ...inTests]) {
    if (!literal)
      return failure(
        `The name in line ${range.start.line + 1} of ${file} cannot be replaced: it is not written literally.`,
      )
    const lineStarts = getOrInsert(lineStartsIn, file, () =>
      lineStartsOf(context.sources.text(file) ?? ''),
    )
    const edit = {
      span: { start: offsetAt(lineStarts, range.start), end: offsetAt(lineStarts, range.end) },
      newText: newName,
    }
    addToGroup(edits, file, edit)
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

function notInMesh({ kind, namespace, name }: Thing): string {
  return `The files of this mesh have no ${kind} ${qualifiedName({ namespace, name })}.`
}

function failure(message: string): ResponseError<undefined> {
  return new ResponseError(ErrorCodes.InvalidRequest, message)
}
