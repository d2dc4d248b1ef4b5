import type { CancellationToken } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { LSPErrorCodes, ResponseError } from '../lsp.js'
import type { Workspaces } from '../workspace/workspaces.js'
import { describeError, type Log } from '../log.js'
import { requestHandler, type RequestedFile } from './serverContext.js'
import { otherRequests, sliceOf } from './slices.js'

/** As `answering`, for long work: other requests are handled between its steps, and a cancelled request ends early. */
export function steppedRequestHandler<
  P extends { readonly textDocument: { readonly uri: string } },
  R,
>(
  context: {
    readonly workspaces: Pick<Workspaces, 'analysesOf' | 'runWithinLimit'>
    readonly log: Log
  },
  name: string,
  handler: (requested: RequestedFile, params: P) => Generator<undefined, R, undefined> | null,
): (params: P, token: CancellationToken) => Promise<R | null | ResponseError<undefined>> {
  const begin = requestHandler<P, Generator<undefined, R, undefined>>(context, name, handler)
  return async (params, token) => {
    const steps = begin(params, token)
    if (steps === null || steps instanceof ResponseError) return steps
    try {
      for (;;) {
        const step = context.workspaces.runWithinLimit(fileOfUri(params.textDocument.uri), () =>
          sliceOf(steps),
        )
        if (step.done === true) return step.value
        await otherRequests()
        if (token.isCancellationRequested)
          return new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`)
      }
    } catch (error) {
      context.log.error(`${name} failed: ${describeError(error)}`)
      return null
    }
  }
}
