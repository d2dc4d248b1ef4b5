import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { EDITS, nearestFile, placeOf } from '../edits.mjs'
import { LanguageClient } from '../languageClient.mjs'
import { measure, npmPeers, OUT, setFolder, shipped } from '../programs.mjs'
import { fraction, median, quantile } from '../statistics.mjs'

/** yaml-language-server waits this long before it reads a change. */
const YLS_DELAY = 200
const STROKES = 30
/** Keystrokes before the measurement, so that the code is compiled. */
const WARM_UP = 10

/** Keystrokes over standard input and output, compared with yaml-language-server on the same files. */
export async function typing({ sets, huge }) {
  const set = sets.includes('M') ? 'M' : sets[0]
  const rows = []
  const files = [[set, 10], [set, 77], ...(huge ? [['huge', 10_000]] : [])]
  for (const [name, documents] of files) {
    const folder = setFolder(name)
    const file = nearestFile(textsOf(folder), documents)
    const ours = await type(new LanguageClient(process.execPath, [shipped('server'), '--stdio']), {
      folder,
      file,
      answered: (client, uri) => client.request('istioAmbientPolicy/settled', { uri }),
      strokes: STROKES,
    })
    const strokes = documents > 1_000 ? 4 : 12
    const theirs = await type(
      new LanguageClient(
        process.execPath,
        [`${npmPeers()}/yaml-language-server/bin/yaml-language-server`, '--stdio'],
        await ylsSettings(),
      ),
      { folder: undefined, file, answered: (client, uri) => client.published(uri), strokes },
    )
    const naive = Array.from({ length: documents > 1_000 ? 1 : 5 }, () =>
      elapsed(() => parseAllDocuments(file.text, { logLevel: 'silent' })),
    )
    for (const edit of Object.keys(ours)) {
      const [mine, yls] = [ours[edit], theirs[edit]]
      const bare = Math.max(median(yls.times) - YLS_DELAY, 0.1)
      rows.push(
        [
          `typing ${name}, file of ${file.documents} documents, ${edit}: ms median (p95), CPU ms`,
          documents > 1_000 ? '≤ 6' : '≤ 2 (6)',
          `${median(mine.times).toFixed(2)} (${quantile(mine.times, 0.95).toFixed(2)}), ${mine.cpu}`,
        ],
        [
          `the same in yaml-language-server; less its ${YLS_DELAY} ms; \`yaml\` on the whole file`,
          '',
          `${median(yls.times).toFixed(0)}, ${yls.cpu}; ${bare.toFixed(0)}; ${median(naive).toFixed(0)}`,
        ],
        [
          'the same, ours ÷ yaml-language-server less its delay',
          documents === 77 ? '≤ 1/60' : '',
          fraction(median(mine.times) / bare),
        ],
      )
    }
  }
  return { rows, wrong: [] }
}

function textsOf(folder) {
  const paths = readdirSync(folder, { recursive: true }).filter((path) => /\.ya?ml$/.test(path))
  return paths
    .map((path) => readFileSync(`${folder}/${path}`, 'utf8'))
    .map((text, index) => ({
      path: `${folder}/${paths[index]}`,
      text,
      documents: text.match(/^kind:/gm)?.length ?? 0,
    }))
}

/** yaml-language-server checks one file against a schema; it does not analyse the mesh. */
async function ylsSettings() {
  const schema = `${OUT}/schema.json`
  writeFileSync(schema, JSON.stringify(await measure('schema', 'S')))
  return {
    yaml: {
      schemas: { [pathToFileURL(schema).href]: ['*.yaml', '*.yml'] },
      schemaStore: { enable: false },
      validate: true,
    },
  }
}

async function type(client, { folder, file, answered, strokes }) {
  await client.initialize(folder)
  const uri = pathToFileURL(file.path).href
  let version = 1
  const opened = answered(client, uri)
  client.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version, text: file.text },
  })
  await opened
  await answeredSoon(client, answered, uri)
  const results = {}
  for (const [name, edit] of Object.entries(EDITS)) {
    const at = placeOf(edit, file.text)
    const before = file.text.slice(0, at).split(/\n/)
    const start = { line: before.length - 1, character: before[before.length - 1].length }
    const end = { line: start.line, character: start.character + edit.typed.length }
    const times = []
    const warmUp = Math.min(WARM_UP, strokes / 2)
    let cpu
    for (let stroke = 0; stroke < warmUp + strokes; stroke++) {
      if (stroke === warmUp) cpu = client.cpu()
      const change =
        stroke % 2 === 0
          ? { range: { start, end: start }, text: edit.typed }
          : { range: { start, end }, text: '' }
      const began = performance.now()
      client.notify('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges: [change],
      })
      await answered(client, uri)
      times.push(performance.now() - began)
    }
    const spent = client.cpu()
    results[name] = {
      times: times.slice(warmUp),
      cpu: cpu === undefined || spent === undefined ? '–' : ((spent - cpu) / strokes).toFixed(1),
    }
  }
  client.kill()
  return results
}

/** A server can publish the diagnostics of a new document more than once. */
async function answeredSoon(client, answered, uri) {
  await Promise.race([answered(client, uri), new Promise((resolve) => setTimeout(resolve, 1_000))])
}

function elapsed(work) {
  const start = performance.now()
  work()
  return performance.now() - start
}
