import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser'
import './immediate.js'
import { describeError } from './log.js'
import { startServer } from './startServer.js'

/** What a worker offers to the page that made it; no library of types for workers is used here. */
interface WorkerScope {
  addEventListener(
    type: 'unhandledrejection',
    listener: (event: { readonly reason: unknown }) => void,
  ): void
}

// The server in a web worker: speaks over messages of the worker, and has no file system of its own. The types of workers and those of Node cannot both be loaded.
const worker = globalThis as unknown as WorkerScope
const connection = startServer(
  (options) =>
    createConnection(
      ProposedFeatures.all,
      new BrowserMessageReader(worker),
      new BrowserMessageWriter(worker),
      options,
    ),
  undefined,
)
// A client that fails to answer must not end the server.
worker.addEventListener('unhandledrejection', ({ reason }) => {
  connection.console.error(describeError(reason))
})
