import { expect, it } from 'vitest'
import { CancellationTokenSource, LSPErrorCodes, ResponseError } from 'vscode-languageserver'
import { analyse } from '@istio-ambient-policy/shared/testing'
import { steppedRequestHandler } from './steppedRequestHandler.js'

const params = { textDocument: { uri: 'file:///a.yaml' } }

function context() {
  const errors: string[] = []
  const ignore = (): void => undefined
  return {
    errors,
    workspaces: {
      analysesOf: () => [analyse('')],
      runWithinLimit: <T>(_: string, work: () => T): T => work(),
    },
    log: { info: ignore, warn: ignore, error: (message: string) => void errors.push(message) },
  }
}

it('other events are handled between the steps, and a cancelled request ends', async () => {
  const source = new CancellationTokenSource()
  let steps = 0
  const handle = steppedRequestHandler(context(), 'endless', function* () {
    for (;;) {
      steps++
      yield
    }
  })
  setImmediate(() => {
    source.cancel()
  })
  const answer = await handle(params, source.token)
  expect(answer).toBeInstanceOf(ResponseError)
  expect((answer as unknown as ResponseError<undefined>).code).toBe(LSPErrorCodes.RequestCancelled)
  expect(steps).toBeGreaterThan(1)
})

it('if a step throws, the answer is null and the error is logged', async () => {
  const given = context()
  const handle = steppedRequestHandler(given, 'failing', function* () {
    yield
    throw new Error('oops')
  })
  expect(await handle(params, new CancellationTokenSource().token)).toBeNull()
  expect(given.errors.join()).toMatch(/failing failed: Error: oops/)
})
