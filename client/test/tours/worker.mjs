// The server's bundle for browsers as a worker of a real page, spoken to by messages: it finds in the sample mesh what the command line finds.
import { strict as assert } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const fixture = 'test-fixtures/meshes/shop'

export async function tour({ page, server, folder, at, step }) {
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [
      `memfs:/shop/${name}`,
      readFileSync(join(folder, name), 'utf8'),
    ]),
  )
  const printed = execFileSync(
    process.execPath,
    [at('server/dist/cli.cjs'), 'check', folder, '--format', 'json', '--fail-on', 'never'],
    { encoding: 'utf8' },
  )
  const expected = JSON.parse(printed).findings.map(
    ({ rule, file, range }) =>
      `${rule} ${file.slice(file.lastIndexOf('/') + 1)} ${JSON.stringify(range)}`,
  )
  // A page with an address, as editors have: a worker made of a blob then has its origin.
  await page.goto(new URL('/healthz', server.url(folder, '')).href)
  const found = await page.evaluate(inPage, {
    script: readFileSync(at('server/dist/browser.js'), 'utf8'),
    files,
  })
  assert.ok(expected.length > 10, 'The sample mesh has findings.')
  assert.deepEqual(found.sort(), expected.sort())
  step(`${found.length} findings from a worker, the same as on the command line`)
}

/** Runs in the page. @returns what the server has published. */
async function inPage({ script, files }) {
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })))
  const published = new Map()
  const answers = new Map()
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
  const handlers = {
    'istioAmbientPolicy/readDirectories': ({ uris }) =>
      uris.map((uri) => ({
        entries: Object.keys(files)
          .filter((file) => file.startsWith(`${uri}/`))
          .map((file) => ({ name: file.slice(uri.length + 1), kind: 'file' })),
      })),
    'istioAmbientPolicy/readFiles': ({ uris }) =>
      uris.map((uri) => (files[uri] === undefined ? {} : { base64: base64(files[uri]) })),
    'textDocument/publishDiagnostics': ({ uri, diagnostics }) =>
      void published.set(uri, diagnostics),
  }
  worker.onmessage = ({ data: { id, method, params, result } }) => {
    if (method === undefined) answers.get(id)?.(result)
    else {
      const answer = handlers[method]?.(params) ?? null
      if (id !== undefined) worker.postMessage({ jsonrpc: '2.0', id, result: answer })
    }
  }
  let last = 0
  const request = (method, params) =>
    new Promise((resolve) => {
      answers.set(++last, resolve)
      worker.postMessage({ jsonrpc: '2.0', id: last, method, params })
    })
  await request('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ name: 'shop', uri: 'memfs:/shop' }],
    initializationOptions: { files: true },
  })
  worker.postMessage({ jsonrpc: '2.0', method: 'initialized', params: {} })
  await request('istioAmbientPolicy/settled')
  worker.terminate()
  return [...published].flatMap(([uri, diagnostics]) =>
    diagnostics.map(
      ({ code, range }) =>
        `${code} ${uri.slice(uri.lastIndexOf('/') + 1)} ${JSON.stringify(range)}`,
    ),
  )
}
