// The bundle of the server for browsers, as a web worker of a real page: it has the same findings as the command line.
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
  // The page has an address, as the page of an editor. A worker made of a blob has the origin of its page.
  await page.goto(new URL('/healthz', server.url(folder, '')).href)
  const found = await page.evaluate(inPage, {
    script: readFileSync(at('server/dist/browser.js'), 'utf8'),
    files,
  })
  assert.ok(expected.length > 10, 'The sample mesh has findings.')
  assert.deepEqual(found.sort(), expected.sort())
  step(`${found.length} findings of a web worker, the same as on the command line`)
}

/** Runs in the page. @returns the published findings. */
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
