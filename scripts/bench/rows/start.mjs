import { LanguageClient } from '../languageClient.mjs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emptyServer, node24, npmPeers, ROOT, shipped, time } from '../programs.mjs'
import { fraction, median, spread } from '../statistics.mjs'

const STARTS = 15
const OPENED = {
  uri: 'file:///mtls.yaml',
  languageId: 'yaml',
  version: 1,
  text: 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: shop\nspec:\n  mtls:\n    mode: DISABLE\n',
}

/**
 * The time from the start of the process to the answer to `initialize`, for several servers. For this server also
 * the time to the findings of a file that is opened then.
 */
export async function start() {
  const programs = {
    ours: [shipped('server'), '--stdio'],
    empty: [await emptyServer(), '--stdio'],
    'yaml-language-server': [
      `${npmPeers()}/yaml-language-server/bin/yaml-language-server`,
      '--stdio',
    ],
  }
  const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]))
  const cpus = Object.fromEntries(Object.keys(programs).map((name) => [name, []]))
  const found = []
  for (let round = 0; round < STARTS; round++) {
    for (const [name, args] of Object.entries(programs)) {
      const began = performance.now()
      const client = new LanguageClient(process.execPath, args)
      await client.initialize(undefined)
      times[name].push(performance.now() - began)
      cpus[name].push(client.cpu() ?? Number.NaN)
      if (name === 'ours') {
        const published = client.published(OPENED.uri)
        client.notify('textDocument/didOpen', { textDocument: OPENED })
        await published
        found.push(performance.now() - began)
      }
      client.kill()
    }
  }
  const least = (name) => Math.min(...times[name])
  return {
    rows: [
      [
        'start → `initialize` ÷ an empty vscode-languageserver bundle: medians; least; CPU',
        '≤ 1.2',
        `${(median(times.ours) / median(times.empty)).toFixed(2)}; ${(least('ours') / least('empty')).toFixed(2)}; ${(median(cpus.ours) / median(cpus.empty)).toFixed(2)}`,
      ],
      [
        'the same, ms: ours; empty; yaml-language-server',
        '',
        Object.keys(programs)
          .map((name) => spread(times[name], 0))
          .join('; '),
      ],
      ['start → findings of a file that is opened then, ms', '', spread(found, 0)],
      [
        'start ÷ yaml-language-server',
        '',
        fraction(median(times.ours) / median(times['yaml-language-server'])),
      ],
      ...commandLineRows(),
    ],
    wrong: [],
  }
}

const SAMPLE = `${ROOT}test-fixtures/meshes/shop`
const CHECK = ['check', '--fail-on', 'never']

/** The time of commands that do little, compared with Node.js without a program. */
function commandLineRows() {
  const cli = shipped('cli')
  const commands = {
    '`--version`': [cli, '--version'],
    '`--help`': [cli, '--help'],
    '`check` of the sample, all evaluated': [cli, ...CHECK, '--no-cache', SAMPLE],
    '`check` of the sample, second run': [cli, ...CHECK, SAMPLE],
  }
  const newer = node24()
  return [process.execPath, ...(newer ? [newer] : [])].flatMap((node, index) => {
    const cache = mkdtempSync(join(tmpdir(), 'bench-start-'))
    const run = (args) => time(node, args, { env: { XDG_CACHE_HOME: cache } })
    const all = { node: ['-e', '0'], ...commands }
    for (const args of Object.values(all)) run(args)
    const runs = Object.fromEntries(Object.keys(all).map((name) => [name, []]))
    for (let round = 0; round < STARTS; round++)
      for (const [name, args] of Object.entries(all)) runs[name].push(run(args))
    rmSync(cache, { recursive: true, force: true })
    const of = (name, key) => median(runs[name].map((each) => each[key]))
    const ratio = (name, key) => (of(name, key) / of('node', key)).toFixed(2)
    return Object.keys(commands).map((name) => [
      `${name} ÷ \`node -e 0\`${index === 0 ? '' : ' on Node 24'}: CPU; wall; CPU ms of both`,
      name.includes('evaluated') ? '' : '≤ 1.3',
      `${ratio(name, 'cpu')}; ${ratio(name, 'wall')}; ${ms(of(name, 'cpu'))} and ${ms(of('node', 'cpu'))}`,
    ])
  })
}

function ms(seconds) {
  return (seconds * 1_000).toFixed(0)
}
