import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Functions that leave a process: network, other processes and threads, native code, a debugger. `*` is all
 * functions.
 */
const WAYS = {
  'node:net': ['connect', 'createConnection', 'createServer'],
  'node:tls': ['connect', 'createServer'],
  'node:http': ['request', 'get', 'createServer'],
  'node:https': ['request', 'get', 'createServer'],
  'node:http2': ['connect', 'createServer', 'createSecureServer'],
  'node:dns': '*',
  'node:dns/promises': '*',
  'node:dgram': '*',
  'node:child_process': '*',
  'node:cluster': ['fork'],
  'node:worker_threads': ['Worker'],
  'node:inspector': ['open', 'Session'],
}

/** Replaces these functions in a process: each call is recorded and throws. */
export class IsolationGuard {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ambient-policy-no-way-out-'))

  /** Code that must run in the process first. */
  get preload(): string {
    return `
const { appendFileSync } = require('node:fs')
const refuse = (object, name, what) => {
  const refused = function () {
    appendFileSync(${JSON.stringify(this.#record)}, what + '\\n')
    throw new Error(what + ' is forbidden')
  }
  Object.defineProperty(object, name, { value: refused, configurable: true, writable: true, enumerable: true })
}
for (const [module, names] of Object.entries(${JSON.stringify(WAYS)})) {
  const object = require(module)
  for (const name of names === '*' ? Object.keys(object).filter((key) => typeof object[key] === 'function') : names) {
    if (typeof object[name]?.prototype === 'object') for (const method of ['spawn', 'bind', 'send', 'connect']) if (Object.hasOwn(object[name].prototype, method)) refuse(object[name].prototype, method, module + '.' + name + '.' + method)
    refuse(object, name, module + '.' + name)
  }
}
refuse(require('node:net').Socket.prototype, 'connect', 'node:net.Socket.connect')
refuse(require('node:net').Server.prototype, 'listen', 'node:net.Server.listen')
refuse(process, 'dlopen', 'process.dlopen')
for (const name of ['fetch', 'WebSocket', 'EventSource']) refuse(globalThis, name, name)
`
  }

  /** The recorded calls in their order. */
  get calls(): string[] {
    return existsSync(this.#record) ? readFileSync(this.#record, 'utf8').trimEnd().split('\n') : []
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get #record(): string {
    return join(this.#folder, 'calls.txt')
  }
}
