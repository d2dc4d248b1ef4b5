import { DEFAULT_SETTINGS, Analysis } from '@istio-ambient-policy/shared'
import { expect, it } from 'vitest'
import { CancellationTokenSource, ResponseError } from 'vscode-languageserver'
import { requestHandler } from './serverContext.js'

const analysis = new Analysis({
  settings: {},
  world: 'open',
  levels: DEFAULT_SETTINGS.rules,
  readText: () => undefined,
})
const params = { textDocument: { uri: 'file:///mesh/a.yaml' } }
const token = new CancellationTokenSource().token

function context() {
  const errors: string[] = []
  const ignore = (): void => undefined
  return {
    errors,
    workspaces: {
      analysesOf: (file: string) => (file === '/mesh/a.yaml' ? [analysis] : []),
      runWithinLimit: <T>(_: string, work: () => T): T => work(),
    },
    log: { info: ignore, warn: ignore, error: (message: string) => void errors.push(message) },
  }
}

it('if a handler throws, the answer is null and the error is logged', () => {
  const { errors, ...given } = context()
  const answer = requestHandler(given, 'hover', () => {
    throw new Error('broken')
  })
  expect(answer(params, token)).toBeNull()
  expect(errors).toEqual([expect.stringContaining('hover failed: Error: broken')])
})

it('a handler gets the file name of the analysis, and the answer for an unknown file is null', () => {
  const answer = requestHandler(context(), 'hover', ({ file }) => file)
  expect(answer(params, token)).toBe('/mesh/a.yaml')
  expect(answer({ textDocument: { uri: 'file:///mesh/b.yaml' } }, token)).toBeNull()
})

it('a cancelled request is not handled', () => {
  const source = new CancellationTokenSource()
  source.cancel()
  const answer = requestHandler(context(), 'hover', () => 'done')(params, source.token)
  expect(answer).toBeInstanceOf(ResponseError)
})
