import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser'
import { WITHOUT_LIMIT } from './deadline.js'
import './immediate.js'
import { describeError } from './log.js'
import { startServer } from './startServer.js'

/** The part of the worker's global scope that is used here. This file does not load the types of web workers. */
interface WorkerScope {
  addEventListener(
    type: 'unhandledrejection',
    listener: (event: { readonly reason: unknown }) => void,
  ): void
}

// The server in a web worker: it uses the messages of the worker and has no file system. The types of web workers
// and of Node cannot be loaded together.
const worker = globalThis as unknown as WorkerScope
const connection = startServer(
  (options) =>
    createConnection(
      ProposedFeatures.all,
      new BrowserMessageReader(worker),
      new BrowserMessageWriter(worker),
      options,
    ),
  { host: undefined, runWithinLimit: WITHOUT_LIMIT },
)
// A failed answer of the client must not end the server.
worker.addEventListener('unhandledrejection', ({ reason }) => {
  connection.console.error(describeError(reason))
})
