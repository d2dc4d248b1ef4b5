import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { createCliFolder, type CliFolder } from '../cli/testing/cliFolder.js'

const SHOP = fileURLToPath(new URL('../../../test-fixtures/meshes/shop', import.meta.url))

export interface Answer {
  readonly id: number | null
  readonly error?: { readonly code: number; readonly message: string }
  readonly result?: {
    readonly content: readonly { readonly type: string; readonly text: string }[]
    readonly isError: boolean
  }
}

/** A folder with the sample mesh and with files that no tool may read, and the server on it. */
export interface McpFolder {
  readonly cli: CliFolder
  /** Sends messages to the server, and reads its answers. */
  readonly exchange: (...messages: readonly unknown[]) => Promise<Answer[]>
  readonly call: (tool: string, args: unknown) => Promise<Answer>
}

export function createMcpFolder(): McpFolder {
  const cli = createCliFolder({ 'outside/secret.yaml': 'kind: Secret\n', 'shop/note.txt': '' })
  cpSync(SHOP, join(cli.folder, 'shop'), { recursive: true })
  mkdirSync(join(cli.folder, 'shop/-'))
  symlinkSync(join(cli.folder, 'outside'), join(cli.folder, 'shop/link'))
  const exchange = async (...messages: readonly unknown[]): Promise<Answer[]> => {
    const stdin = messages
      .map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`)
      .join('')
    const { status, out, errors } = await cli.run(['mcp', 'shop'], { stdin })
    expect([status, errors]).toEqual([0, []])
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Answer)
  }
  return {
    cli,
    exchange,
    call: async (name, args) => {
      const [answer] = await exchange(request('tools/call', { name, arguments: args }))
      if (!answer) throw new Error('no answer')
      return answer
    },
  }
}

export function request(method: string, params?: unknown): object {
  return { jsonrpc: '2.0', id: 1, method, params }
}

/** The texts of a result, and whether it is an error. */
export function resultOf({ result }: Answer): { readonly text: string; readonly isError: boolean } {
  return {
    text: result?.content.map(({ text }) => text).join('\n') ?? '',
    isError: result?.isError ?? false,
  }
}
