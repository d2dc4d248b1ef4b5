import { LanguageClient } from '../languageClient.mjs'
import { emptyServer, npmPeers, shipped } from '../programs.mjs'
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
    ],
    wrong: [],
  }
}
