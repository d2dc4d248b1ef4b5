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

it('if the mesh changes between the steps, the work begins again', async () => {
  const given = context()
  const analysis = analyse('')
  const states: unknown[] = []
  const handle = steppedRequestHandler(
    { ...given, workspaces: { ...given.workspaces, analysesOf: () => [analysis] } },
    'changing',
    function* ({ analysis: { mesh } }) {
      const { inventory } = mesh
      states.push(inventory)
      while (states.length === 1) yield
      return inventory
    },
  )
  setImmediate(() => {
    analysis.update([
      { file: 'a.yaml', text: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n' },
    ])
  })
  expect(await handle(params, new CancellationTokenSource().token)).toBe(analysis.mesh.inventory)
  expect(new Set(states).size).toBe(2)
})
