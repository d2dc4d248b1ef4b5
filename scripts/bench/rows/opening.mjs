import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LanguageClient } from '../languageClient.mjs'
import { measure, setFolder, shipped, time } from '../programs.mjs'
import { median, spread } from '../statistics.mjs'

/**
 * The second start on the same files: the command line, and the findings of a file that is opened in an editor.
 * Each first start has an empty cache.
 */
export async function opening({ sets, runs }) {
  const rows = []
  const wrong = []
  for (const set of sets) {
    const checked = withFolder((cache) => checkTwice(set, cache, runs))
    const floors = []
    for (let run = 0; run < runs; run++) floors.push((await measure('floor', set)).cpu)
    const floor = median(floors)
    if (checked.differs) wrong.push(`${set}: the output of the second \`check\` differs`)
    rows.push(
      [
        `second \`check\` ${set}: CPU ÷ floor`,
        '≤ 5',
        spread(
          checked.second.map((cpu) => (cpu * 1_000) / floor),
          1,
        ),
      ],
      [
        `the same ÷ the first; the first, CPU s`,
        '',
        `${(median(checked.second) / checked.first).toFixed(2)}; ${checked.first.toFixed(2)}`,
      ],
    )
    const opened = await withFolder((cache) => openTwice(set, checked.output, { cache, runs }))
    if (opened.differs) wrong.push(`${set}: the findings of the opened file differ`)
    rows.push(
      [
        `start → findings of a file of ${set} that is opened then, second start: ms; CPU ms`,
        set === 'L' ? '≤ 300' : '',
        `${spread(opened.second, 0)}; ${spread(opened.cpu, 0)}`,
      ],
      [
        `the same, first start: ms; start → \`initialize\`, ms`,
        '',
        `${opened.first.toFixed(0)}; ${spread(opened.initialized, 0)}`,
      ],
    )
  }
  return { rows, wrong }
}

function withFolder(act) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cache-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const result = act(folder)
  if (result instanceof Promise) return result.finally(remove)
  remove()
  return result
}

/** CPU seconds of the first `check` and of some more. */
function checkTwice(set, cache, runs) {
  const args = [shipped('cli'), 'check', '--fail-on', 'never', '--format', 'json', setFolder(set)]
  const check = () => {
    const { cpu, output } = time(process.execPath, args, { env: { XDG_CACHE_HOME: cache } })
    return { cpu, output: readFileSync(output, 'utf8') }
  }
  const first = check()
  const second = Array.from({ length: runs }, check)
  return {
    output: first.output,
    first: first.cpu,
    second: second.map(({ cpu }) => cpu),
    differs: second.some(({ output }) => output !== first.output),
  }
}

async function openTwice(set, report, { cache, runs }) {
  const file = fileWithFindings(report)
  const first = await open(set, file, cache, { isFirst: true })
  const others = []
  for (let run = 0; run < runs; run++) others.push(await open(set, file, cache, { isFirst: false }))
  return {
    first: first.milliseconds,
    second: others.map(({ milliseconds }) => milliseconds),
    cpu: others.map(({ cpu }) => cpu),
    initialized: others.map(({ initialized }) => initialized),
    differs: others.some(({ diagnostics }) => diagnostics !== first.diagnostics),
  }
}

/** A file from the middle of a report. */
function fileWithFindings(report) {
  const { findings } = JSON.parse(report)
  return join(process.cwd(), findings[Math.floor(findings.length / 2)].file)
}

/** Starts the server, opens a file and waits for its first diagnostics; the first time, until the cache is written. */
async function open(set, file, cacheFolder, { isFirst }) {
  const began = performance.now()
  const client = new LanguageClient(process.execPath, [shipped('server'), '--stdio'])
  await client.initialize(setFolder(set), { cacheFolder })
  const initialized = performance.now() - began
  const uri = pathToFileURL(file).href
  const published = client.published(uri)
  client.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text: readFileSync(file, 'utf8') },
  })
  const diagnostics = JSON.stringify(await published)
  const milliseconds = performance.now() - began
  const cpu = client.cpu() ?? Number.NaN
  if (isFirst) {
    await client.request('istioAmbientPolicy/settled')
    // Longer than the pause before findings are saved.
    await new Promise((resolve) => setTimeout(resolve, 20_000))
  }
  client.kill()
  return { initialized, milliseconds, cpu, diagnostics }
}
