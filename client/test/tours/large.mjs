// A workspace with 20 000 files and 100 000 documents: the response times while the server reads the files, and
// what the user sees. Takes minutes and prints numbers: npm run e2e -- large
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { writeSet } from '../../../scripts/generate.mjs'
import { problemCounts } from '../problemCounts.mjs'
import { startServer } from '../stdioServer.mjs'

export const fixture = 'test-fixtures/editor'
/** Without the file watcher of the workbench, which is not part of the measurement. */
export const settings = { 'files.watcherExclude': { '**': true }, 'search.followSymlinks': false }

const viewer = 'policies/productpage-viewer.yaml'
const MINUTE = 60_000

export async function tour({ page, workbench, server, folder, shoot, at, step }) {
  const { files, bytes } = writeSet('L', join(folder, 'more'))
  step(`${files} files, ${Math.round(bytes / 1e6)} MB`)
  await requestWhileReading({ program: at('server/dist/server.cjs'), folder, step })
  const expected = problemCounts({ program: at('server/dist/cli.cjs'), folder })

  const reading = page.locator('.statusbar-item', { hasText: 'Reading the mesh' }).first()
  await workbench.open(server.url(folder, viewer))
  await reading.waitFor()
  const began = performance.now()
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
  const shown = []
  let read
  const watching = (async () => {
    // The workbench removes the text for a moment when it changes it.
    for (let absent = 0; absent < 20;) {
      const [text] = await reading.allInnerTexts()
      absent = text === undefined ? absent + 1 : 0
      if (absent === 1) read = seconds()
      if (text !== undefined && text !== shown.at(-1)) shown.push(text)
      await sleep(50)
    }
  })()
  const lens = page
    .locator('.codelens-decoration', { hasText: 'ztunnel' })
    .first()
    .waitFor()
    .then(() => `the code lens of the open file after ${seconds()}`)

  await workbench.goTo(1, 1)
  await page.keyboard.press('End')
  await shoot('1-reading')
  const echoes = []
  for (let typed = ''; typed.length < 60;) {
    const letter = 'typing while files are read '[typed.length % 28]
    typed += letter
    echoes.push(await echo(page, letter, typed))
  }
  step(`typed letters are visible while files are read and checked: ${spread(echoes)}`)
  step(await lens)

  const problems = page.locator('#status\\.problems')
  await page
    .locator('.squiggly-error')
    .first()
    .waitFor({ timeout: 15 * MINUTE })
  step(
    `the finding of the open file after ${seconds()}; the workbench showed ${await problems.getAttribute('aria-label')}`,
  )
  await watching
  assert.ok(shown.length > 5, `Progress moves: ${shown.join(', ')}`)
  step(
    `read after ${read}; progress showed ${shown.length} texts, from "${shown[0]}" to "${shown.at(-1)}"`,
  )
  await page
    .locator(`#status\\.problems[aria-label="${expected}"]`)
    .waitFor({ timeout: 15 * MINUTE })
  step(`all findings after ${seconds()}: ${expected}, the same as on the command line`)
  await shoot('2-read')
}

/** Types a letter at the end of the first line. @returns the milliseconds until it is visible. */
async function echo(page, letter, typed) {
  const seen = page.evaluate(
    (end) =>
      new Promise((resolve) => {
        const start = performance.now()
        const look = () => {
          const line =
            document
              .querySelector('.editor-instance .view-lines')
              ?.innerText.replaceAll('\u00a0', ' ') ?? ''
          if (line.includes(end)) resolve(performance.now() - start)
          else requestAnimationFrame(look)
        }
        look()
      }),
    typed.trimEnd(),
  )
  await page.keyboard.press(letter === ' ' ? 'Space' : letter)
  return seen
}

/**
 * Sends requests to the bundled server while it reads: a hover in a comment, which is empty, and a hover on a
 * field.
 */
async function requestWhileReading({ program, folder, step }) {
  const server = startServer(program)
  const uri = pathToFileURL(join(folder, viewer)).href
  const text = readFileSync(join(folder, viewer), 'utf8')
  const began = performance.now()
  await server.connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { window: { workDoneProgress: true } },
    workspaceFolders: [{ name: 'large', uri: pathToFileURL(folder).href }],
  })
  await server.connection.sendNotification('initialized', {})
  await server.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  })
  let isIdle = false
  const all = server.connection.sendRequest('istioAmbientPolicy/settled').then(() => {
    isIdle = true
  })
  const times = { comment: [], field: [] }
  const places = { comment: { line: 0, character: 5 }, field: { line: 4, character: 10 } }
  let readAfter
  while (!isIdle) {
    for (const [what, position] of Object.entries(places)) {
      const asked = performance.now()
      await server.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position })
      times[what].push(performance.now() - asked)
    }
    if (server.progress.includes('end')) readAfter ??= performance.now() - began
    await sleep(5)
  }
  await all
  step(
    `the server over stdio: read after ${(readAfter / 1000).toFixed(1)} s, all published after ${((performance.now() - began) / 1000).toFixed(1)} s, for ${server.published.length} files`,
  )
  step(
    `response times: hover in a comment ${spread(times.comment)}; hover on a field ${spread(times.field)}`,
  )
  assert.equal(server.published[0], uri, 'The findings of the open file are published first.')
  step('the findings of the open file are published first')
  await server.stop()
}

function spread(milliseconds) {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms of ${sorted.length}`
}
