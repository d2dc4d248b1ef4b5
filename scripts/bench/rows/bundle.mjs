import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { madeOf, ROOT } from '../programs.mjs'

/** Parts of the project and its dependencies, by path. */
const PARTS = [
  ['rules', /^shared\/src\/rules\//],
  ['rest of shared', /^shared\/src\//],
  ['server', /^server\/src\//],
  ['vscode-languageserver', /node_modules\/vscode-/],
  ['yaml', /node_modules\/yaml\//],
  ['other libraries', /node_modules\//],
]

/** The size of the bundled server, of its parts, and of the code that is loaded later. */
export function bundle() {
  const outputs = madeOf('server')
  const [program] = Object.keys(outputs).filter((path) => path.endsWith('/server.cjs'))
  const atOnce = filesOf([program], outputs)
  const later = filesOf(
    atOnce.flatMap((path) => imported(outputs[path], 'dynamic-import')),
    outputs,
  ).filter((path) => !atOnce.includes(path))
  const all = Object.keys(outputs)
  const left = all.filter((path) => !atOnce.includes(path) && !later.includes(path))
  return {
    rows: [
      [
        'what the server loads to start, minified (gzip): before `initialize` is answered; with the analysis, after it',
        '≤ 600 KB',
        `${sizeOf(atOnce)}; ${sizeOf([...atOnce, ...later])}`,
      ],
      ...(left.length > 0 ? [['loaded when asked for', '', sizeOf(left)]] : []),
      ['all of it', '', sizeOf(all)],
      ['of it', '', partsOf(all.map((path) => outputs[path]))],
    ],
    wrong: [],
  }
}

/** Files with all files that they load at once. */
function filesOf(paths, outputs) {
  const found = new Set(paths)
  for (const path of found)
    for (const other of imported(outputs[path], 'import-statement')) found.add(other)
  return [...found]
}

function imported({ imports }, wanted) {
  return imports
    .filter(({ kind, external }) => kind === wanted && !external)
    .map(({ path }) => path)
}

function sizeOf(paths) {
  const files = paths.map((path) => readFileSync(`${ROOT}${path}`))
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0)
  return `${kilobytes(sum(files.map(({ length }) => length)))} (${kilobytes(sum(files.map((file) => gzipSync(file).length)))})`
}

function partsOf(outputs) {
  const sizes = new Map()
  for (const [path, { bytesInOutput }] of outputs.flatMap(({ inputs }) => Object.entries(inputs))) {
    const part = PARTS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other'
    sizes.set(part, (sizes.get(part) ?? 0) + bytesInOutput)
  }
  return [...sizes]
    .sort((a, b) => b[1] - a[1])
    .map(([part, size]) => `${part} ${kilobytes(size)}`)
    .join(', ')
}

function kilobytes(size) {
  return `${(size / 1_000).toFixed(0)} KB`
}
