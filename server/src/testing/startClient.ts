import { afterEach, expect } from 'vitest'
import { ScriptedClient, type ScriptedClientOptions } from './scriptedClient.js'

/** Returns a function that starts a client. Each client is stopped after the test. */
export function clientStarter(): (options?: ScriptedClientOptions) => Promise<ScriptedClient> {
  const clients: ScriptedClient[] = []
  afterEach(async () => {
    for (const client of clients.splice(0)) expect(await client.stop()).toBe(0)
  })
  return async (options = {}) => {
    const client = await ScriptedClient.start(options)
    clients.push(client)
    return client
  }
}
