// Defines `setImmediate`, which browsers do not have. A message to itself is handled after all waiting events, as
// `setImmediate` is; `setTimeout` would wait at least 4 ms each time.
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
