import {
  accessSinceInSteps,
  BASE_TEXTS_NOTIFICATION,
  COMPARE_ACCESS_REQUEST,
  MOST_COMPARISONS_IN_EDITOR,
  policiesSince,
  SERVER_COMMANDS,
  targetInWords,
  type AccessEffect,
  type Analysis,
  type AuthorizationPolicy,
  type BaseTextsParams,
  type CompareAccessParams,
  type CompareAccessResult,
  type FileChange,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { accessReason } from './accessReason.js'
import { fieldOf } from './clientAbilities.js'
import type { ServerContext } from './serverContext.js'
import { steppedRequestHandler } from './steppedRequestHandler.js'

/** The texts of files at a revision, and what the policies have changed since. */
export class BaseTexts {
  #name = ''
  #files: readonly FileChange[] = []
  /** What each policy of an analysis changed, for an inventory of the analysis. */
  #effects = new WeakMap<
    Analysis,
    { inventory: unknown; of: ReadonlyMap<AuthorizationPolicy, AccessEffect> }
  >()

  get name(): string {
    return this.#name
  }

  set({ name, files }: BaseTextsParams): void {
    this.#name = name
    this.#files = files.map(({ uri, text }) => ({ file: fileOfUri(uri), text: text ?? undefined }))
    this.#effects = new WeakMap()
  }

  /** The texts of the files that belong to a mesh, or did so. */
  of({ visibleFiles }: Analysis, isInMesh: (file: string) => boolean): readonly FileChange[] {
    return this.#files.filter(({ file }) => visibleFiles.has(file) || isInMesh(file))
  }

  /** What a policy opens and closes since the revision; undefined if it is the same. */
  effectOf(
    policy: AuthorizationPolicy,
    analysis: Analysis,
    isInMesh: (file: string) => boolean,
  ): AccessEffect | undefined {
    const texts = this.of(analysis, isInMesh)
    if (texts.length === 0) return undefined
    const { inventory } = analysis.mesh
    const known = this.#effects.get(analysis)
    if (known?.inventory === inventory) return known.of.get(policy)
    const of = policiesSince(analysis, texts)
    this.#effects.set(analysis, { inventory, of })
    return of.get(policy)
  }
}

/** Whether a file belongs to the mesh of an analysis. */
export function isInMeshOf(
  analysis: Analysis,
  { workspaces }: Pick<ServerContext, 'workspaces'>,
): (file: string) => boolean {
  return (file) => workspaces.analysesOf(file).includes(analysis)
}

/** `istioAmbientPolicy/baseTexts` and `istioAmbientPolicy/compareAccess`. */
export function registerCompareAccess(
  connection: Connection,
  context: ServerContext,
  refreshClient: () => void,
): void {
  const { baseTexts } = context
  connection.onNotification(BASE_TEXTS_NOTIFICATION, (params: BaseTextsParams) => {
    baseTexts.set(params)
    refreshClient()
  })
  const compare = steppedRequestHandler<CompareAccessParams, NonNullable<CompareAccessResult>>(
    context,
    'compare access',
    ({ analysis }) => (baseTexts.name === '' ? null : comparison(analysis, context)),
  )
  connection.onRequest<CompareAccessResult, undefined>(COMPARE_ACCESS_REQUEST, compare)
  context.serverCommands.set(SERVER_COMMANDS.compareAccess, ([params], token) => {
    if (!isCompareParams(params))
      return { problem: 'The argument must have the fields textDocument.uri, name and files.' }
    baseTexts.set(params)
    refreshClient()
    return compare(params, token)
  })
}

function isCompareParams(value: unknown): value is CompareAccessParams & BaseTextsParams {
  const files = fieldOf(value, 'files')
  return (
    typeof fieldOf(fieldOf(value, 'textDocument'), 'uri') === 'string' &&
    typeof fieldOf(value, 'name') === 'string' &&
    Array.isArray(files) &&
    files.every(
      (file) => typeof fieldOf(file, 'uri') === 'string' && isTextOrNull(fieldOf(file, 'text')),
    )
  )
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string'
}

function* comparison(
  analysis: Analysis,
  context: ServerContext,
): Generator<void, NonNullable<CompareAccessResult>, undefined> {
  const { baseTexts } = context
  const texts = baseTexts.of(analysis, isInMeshOf(analysis, context))
  const compared = yield* accessSinceInSteps(analysis, texts, MOST_COMPARISONS_IN_EDITOR)
  return {
    name: baseTexts.name,
    changes: compared.changes.flatMap(({ target, kind, box }) => {
      const [before, after] = box.outcome
      if (!before || !after) return []
      return {
        target,
        kind,
        clients: box.clients,
        requests: box.requests,
        witness: box.witness,
        before: { ...accessReason(before, analysis, context), place: null },
        after: accessReason(after, analysis, context),
      }
    }),
    same: compared.same,
    added: compared.added,
    removed: compared.removed,
    notCompared: compared.notCompared.map(
      ({ target, reason }) => `${targetInWords(target)}: ${reason}`,
    ),
    assumptions: compared.assumptions,
  }
}
