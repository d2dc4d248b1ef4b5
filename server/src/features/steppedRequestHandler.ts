import type { Analysis } from '@istio-ambient-policy/shared'
import type { CancellationToken } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { LSPErrorCodes, ResponseError } from '../lsp.js'
import type { Workspaces } from '../workspace/workspaces.js'
import { describeError, type Log } from '../log.js'
import { requestHandler, type RequestedFile } from './serverContext.js'
import { otherRequests, sliceOf } from './slices.js'

interface Work<R> {
  readonly steps: Generator<void, R, undefined>
  readonly isSame: () => boolean
}

/** Whether the meshes of some analyses are the same as now. */
function sameAsNow(analyses: readonly Analysis[]): () => boolean {
  const inventories = analyses.map(({ mesh }) => mesh.inventory)
  return () => analyses.every(({ mesh }, index) => mesh.inventory === inventories[index])
}

/**
 * As `requestHandler`, for long work: other requests are handled between its steps. A cancelled request ends early. If
 * the mesh changes between the steps, the work begins again, so that the answer is about one state of the mesh.
 */
export function steppedRequestHandler<
  P extends { readonly textDocument: { readonly uri: string } },
  R,
>(
  context: {
    readonly workspaces: Pick<Workspaces, 'analysesOf' | 'runWithinLimit'>
    readonly log: Log
  },
  name: string,
  handler: (requested: RequestedFile, params: P) => Generator<void, R, undefined> | null,
): (params: P, token: CancellationToken) => Promise<R | null | ResponseError<undefined>> {
  const begin = requestHandler<P, Work<R>>(context, name, (requested, params) => {
    const steps = handler(requested, params)
    return steps && { steps, isSame: sameAsNow(requested.analyses) }
  })
  return async (params, token) => {
    try {
      let work = begin(params, token)
      for (;;) {
        if (work === null || work instanceof ResponseError) return work
        const { steps, isSame } = work
        const step = context.workspaces.runWithinLimit(fileOfUri(params.textDocument.uri), () =>
          sliceOf(steps),
        )
        if (step.done === true) return step.value
        await otherRequests()
        if (token.isCancellationRequested)
          return new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`)
        if (!isSame()) work = begin(params, token)
      }
    } catch (error) {
      context.log.error(`${name} failed: ${describeError(error)}`)
      return null
    }
  }
}
