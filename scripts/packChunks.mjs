// Packs the many chunks of a split program into few files. A file of chunks exports a function that returns the exports
// of a chunk, and runs it the first time.
import { basename, dirname, join } from 'node:path'

/** The file of the chunks that the program loads when it starts. */
const PROGRAM = 'start'
/** The file of all chunks that no other file has. */
const OTHERS = 'others'

/**
 * Changes the outputs of the metafile to those of the files.
 *
 * @param {{ path: string, code: string }[]} chunks CommonJS; one of them is the program, which stays a file
 * @param {object} options
 * @param {string} options.folder for the files
 * @param {Record<string, string[]>} options.packs the names of files, and the modules that each is for. A file has the
 *   chunks of its modules and all chunks that are loaded with them, except those of earlier files.
 * @param {object} options.metafile of esbuild
 */
export function packChunks(chunks, { folder, packs, metafile }) {
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [basename(path), { path, ...output }]),
  )
  const program = basename(`${folder}.cjs`)
  const packOf = groupChunks(outputs, { program, packs })
  const numbers = new Map([...packOf.keys()].map((name, index) => [name, index]))
  /** Replaces `require("./chunk-1.cjs")`. */
  const linked = (code, pack) =>
    code.replace(/\brequire\("(\.[^"]+)"\)/g, (_, path) => {
      const name = basename(path)
      const to = packOf.get(name)
      const file = pack === '' ? `./${basename(folder)}/${to}.cjs` : `./${to}.cjs`
      return `${to === pack ? 'part' : `require("${file}")`}(${numbers.get(name)})`
    })
  const written = []
  const { path: programPath, ...programOutput } = outputs.get(program)
  metafile.outputs = { [programPath]: programOutput }
  for (const pack of new Set(packOf.values())) {
    const members = chunks.filter(({ path }) => packOf.get(basename(path)) === pack)
    const path = join(folder, pack === '' ? `../${program}` : `${pack}.cjs`)
    const code =
      pack === ''
        ? linked(members[0].code, pack)
        : packText(
            members.map((chunk) => ({
              number: numbers.get(basename(chunk.path)),
              code: linked(chunk.code, pack),
            })),
            { isRunAtOnce: pack !== OTHERS },
          )
    written.push({ path, code })
    if (pack !== '')
      metafile.outputs[join(dirname(programPath), basename(folder), basename(path))] = {
        bytes: code.length,
        inputs: Object.assign(
          {},
          ...members.map((chunk) => outputs.get(basename(chunk.path)).inputs),
        ),
      }
  }
  return written
}

/** The file of each chunk, by name; empty for the program. */
function groupChunks(outputs, { program, packs }) {
  const packOf = new Map()
  /** Puts a chunk into a file, with all chunks that it loads when it starts. */
  const put = (name, pack) => {
    if (!outputs.has(name) || packOf.has(name)) return
    packOf.set(name, pack)
    for (const { kind, path } of outputs.get(name).imports)
      if (kind === 'import-statement') put(basename(path), pack === '' ? PROGRAM : pack)
  }
  put(program, '')
  for (const [pack, entryPoints] of Object.entries(packs))
    for (const entryPoint of entryPoints) {
      const [name] = [...outputs].find(([, output]) => output.entryPoint === entryPoint) ?? []
      if (name === undefined) throw new Error(`No chunk is made of ${entryPoint}.`)
      put(name, pack)
    }
  for (const name of outputs.keys()) put(name, OTHERS)
  return packOf
}

/** V8 compiles a function in parentheses at once, and any other function twice if it runs. */
function packText(parts, { isRunAtOnce }) {
  const [open, close] = isRunAtOnce ? ['(', ')'] : ['', '']
  const entries = parts.map(
    ({ number, code }) => `${number}:${open}function(module,exports){${code}\n}${close}`,
  )
  return `"use strict";const modules={},parts={${entries.join(',\n')}};
function part(number){let module=modules[number];if(module===undefined){module=modules[number]={exports:{}};parts[number](module,module.exports)}return module.exports}
module.exports=part;
`
}
