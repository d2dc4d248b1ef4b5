import { describe, expect, it } from 'vitest'
import type { Message } from 'vscode-languageserver'
import { deferUntilLoaded } from './deferUntilLoaded.js'

/** A connection that notes what happens in which order; `answer` settles when the request `start` is answered. */
class Noted {
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

describe('loading after a request', () => {
  it('begins when the request is answered, and lets what came meanwhile follow in its order', async () => {
    const noted = new Noted()
    noted.arrives('early', 1)
    noted.arrives('start', 2)
    noted.arrives('first')
    noted.arrives('second', 3)
    await turn()
    expect(noted.happened).toEqual(['early', 'start'])
    noted.answer()
    await turn()
    noted.arrives('third')
    await turn()
    expect(noted.happened).toEqual(['early', 'start', 'loads'])
    noted.loaded(true)
    await turn()
    noted.arrives('fourth')
    expect(noted.happened).toEqual([
      'early',
      'start',
      'loads',
      'first',
      'second',
      'third',
      'fourth',
    ])
  })

  it('loads once, and for the request alone', async () => {
    const noted = new Noted()
    noted.arrives('start')
    await turn()
    noted.arrives('start', 1)
    noted.answer()
    await turn()
    noted.loaded(true)
    await turn()
    noted.arrives('start', 2)
    noted.answer()
    await turn()
    expect(noted.happened).toEqual(['start', 'start', 'loads', 'start'])
  })

  it('waits for the next one where the request was refused', async () => {
    const noted = new Noted()
    noted.arrives('start', 1)
    noted.answer()
    await turn()
    noted.loaded(false)
    await turn()
    noted.arrives('passes')
    noted.arrives('start', 2)
    noted.arrives('waits')
    await turn()
    expect(noted.happened).toEqual(['start', 'loads', 'passes', 'start'])
  })
})
