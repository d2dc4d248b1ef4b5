import { describe, expect, it } from 'vitest'
import type { Message } from 'vscode-languageserver'
import { deferUntilLoaded } from './deferUntilLoaded.js'

/** A connection that records the order of events. `answer` answers the request `start`. */
class RecordedConnection {
  readonly happened: string[] = []
  readonly #strategy: ReturnType<typeof deferUntilLoaded>
  answer: () => void = () => undefined
  loaded: (done: boolean) => void = () => undefined

  constructor() {
    this.#strategy = deferUntilLoaded('start', () => {
      this.happened.push('loads')
      return new Promise((resolve) => {
        this.loaded = resolve
      })
    })
  }

  arrives(method: string, id?: number): void {
    const message = {
      jsonrpc: '2.0',
      method,
      ...(id === undefined ? {} : { id }),
    } satisfies Message & { method: string }
    void this.#strategy.handleMessage(message, () => {
      this.happened.push(method)
      return method === 'start'
        ? new Promise((resolve) => {
            this.answer = resolve
          })
        : undefined
    })
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('deferUntilLoaded', () => {
  it('loading starts after the request is answered, and later messages wait in their order', async () => {
    const recorded = new RecordedConnection()
    recorded.arrives('early', 1)
    recorded.arrives('start', 2)
    recorded.arrives('first')
    recorded.arrives('second', 3)
    await turn()
    expect(recorded.happened).toEqual(['early', 'start'])
    recorded.answer()
    await turn()
    recorded.arrives('third')
    await turn()
    expect(recorded.happened).toEqual(['early', 'start', 'loads'])
    recorded.loaded(true)
    await turn()
    recorded.arrives('fourth')
    expect(recorded.happened).toEqual([
      'early',
      'start',
      'loads',
      'first',
      'second',
      'third',
      'fourth',
    ])
  })

  it('only the request starts the loading, and only once', async () => {
    const recorded = new RecordedConnection()
    recorded.arrives('start')
    await turn()
    recorded.arrives('start', 1)
    recorded.answer()
    await turn()
    recorded.loaded(true)
    await turn()
    recorded.arrives('start', 2)
    recorded.answer()
    await turn()
    expect(recorded.happened).toEqual(['start', 'start', 'loads', 'start'])
  })

  it('after a failed request, the next request starts the loading', async () => {
    const recorded = new RecordedConnection()
    recorded.arrives('start', 1)
    recorded.answer()
    await turn()
    recorded.loaded(false)
    await turn()
    recorded.arrives('passes')
    recorded.arrives('start', 2)
    recorded.arrives('waits')
    await turn()
    expect(recorded.happened).toEqual(['start', 'loads', 'passes', 'start'])
  })
})
