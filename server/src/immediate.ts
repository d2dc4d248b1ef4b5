// Browsers have no `setImmediate`. A message to oneself comes behind what already waits, as that does; `setTimeout` would be held up by 4 ms each time.
const { port1, port2 } = new MessageChannel()
const waiting = new Map<number, () => void>()
let last = 0

port1.addEventListener('message', (event) => {
  const handle: unknown = 'data' in event ? event.data : undefined
  if (typeof handle !== 'number') return
  const act = waiting.get(handle)
  waiting.delete(handle)
  act?.()
})
port1.start()

Object.assign(globalThis, {
  setImmediate: (act: () => void): number => {
    last++
    waiting.set(last, act)
    port2.postMessage(last)
    return last
  },
  clearImmediate: (handle: number): void => {
    waiting.delete(handle)
  },
})
