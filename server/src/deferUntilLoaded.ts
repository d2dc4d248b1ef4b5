import type { MessageStrategy } from 'vscode-languageserver'
import { Message } from './lsp.js'

/**
 * Runs `load` after one request was answered. Messages that arrive meanwhile wait, and are handled afterwards in their
 * order.
 *
 * @param method of the request that is answered before `load`. Messages before it do not wait.
 * @param load must not reject. It returns false if the request failed: then the next such request runs it again.
 */
export function deferUntilLoaded(method: string, load: () => Promise<boolean>): MessageStrategy {
  let loading: Promise<void> | undefined
  let loaded = false
  return {
    handleMessage(message, next) {
      if (loaded) return next(message)
      if (loading) return loading.then(() => next(message))
      const answered = next(message)
      if (Message.isRequest(message) && message.method === method) {
        loading = Promise.resolve(answered)
          .then(load)
          .then((done) => {
            loaded = done
            loading = undefined
          })
      }
      return answered
    },
  }
}
