import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { ROOT, shipped } from '../programs.mjs'

/** Parts of the project and of what it depends on, by path. */
const PARTS = [
  ['rules', /^shared\/src\/rules\//], ['rest of shared', /^shared\/src\//], ['server', /^server\/src\//],
  ['vscode-languageserver', /node_modules\/vscode-/], ['yaml', /node_modules\/yaml\//], ['other libraries', /node_modules\//],
]

/** How large the shipped server is, and what of. */
export async function bundle() {
  const bytes = readFileSync(shipped('server'))
  const { metafile } = await build({ entryPoints: [`${ROOT}server/src/main.ts`], absWorkingDir: ROOT, bundle: true, minify: true, write: false, metafile: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning', alias: { yaml: `${ROOT}node_modules/yaml/browser/index.js` } })
  const [{ inputs }] = Object.values(metafile.outputs)
  const sizes = new Map()
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const part = PARTS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other'
    sizes.set(part, (sizes.get(part) ?? 0) + bytesInOutput)
  }
  const kilobytes = (size) => `${(size / 1_000).toFixed(0)} KB`
  return {
    rows: [
      ['server bundle, minified (gzip)', '≤ 600 KB', `${kilobytes(bytes.length)} (${kilobytes(gzipSync(bytes).length)})`],
      ['of it', '', [...sizes].sort((a, b) => b[1] - a[1]).map(([part, size]) => `${part} ${kilobytes(size)}`).join(', ')],
    ],
    wrong: [],
  }
}
