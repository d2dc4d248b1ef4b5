import type { MessageStrategy } from 'vscode-languageserver'
import { Message } from './lsp.js'

/**
 * Answers one request before the others can be: when its answer is sent, `load` runs, and messages that come meanwhile are handled after it, in their order.
 *
 * @param method of the request that needs nothing loaded; what comes before it passes.
 * @param load never rejects; false where the request was refused, so that there is nothing to load for yet.
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
