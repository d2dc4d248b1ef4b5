// A program in several files, so that parts are loaded later. esbuild splits only ES modules, which Node starts
// more slowly than CommonJS. So each file becomes CommonJS after esbuild has split the program.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'
import { packChunks } from './packChunks.mjs'

/**
 * The options of esbuild for a program `NAME.cjs` with its other files in the folder `NAME`.
 *
 * @param {{ name: string, entry: string, folder: string, packs?: Record<string, string[]> }} program `packs`: the program
 *   has few files, see `packChunks`
 */
export function commonJsChunks({ name, entry, folder, packs }) {
  return {
    entryPoints: { [name]: entry },
    outdir: folder,
    outfile: undefined,
    outExtension: { '.js': '.cjs' },
    chunkNames: `${name}/[name]-[hash]`,
    format: 'esm',
    splitting: true,
    write: false,
    plugins: [asCommonJs(join(folder, name), packs)],
  }
}

/** @param {string} folder contains only files of this program: earlier files are deleted. */
function asCommonJs(folder, packs) {
  return {
    name: 'as CommonJS',
    setup({ initialOptions: { minify, platform, target, sourcemap }, onEnd }) {
      onEnd(async ({ outputFiles = [], metafile }) => {
        const files = outputFiles.filter(({ path }) => path.endsWith('.cjs'))
        if (files.length === 0) return
        rmSync(folder, { recursive: true, force: true })
        const chunks = await Promise.all(
          files.map(async ({ path, text }) => {
            // Without support for `import()`, esbuild loads the files with `require`.
            const { code } = await transform(text, {
              format: 'cjs',
              minify,
              platform,
              target,
              sourcemap,
              supported: { 'dynamic-import': false },
            })
            return { path, code }
          }),
        )
        // A file of several chunks has no source map.
        const written =
          packs && sourcemap === undefined
            ? packChunks(chunks, { folder, packs, metafile })
            : chunks
        for (const { path, code } of written) {
          mkdirSync(dirname(path), { recursive: true })
          writeFileSync(path, code)
        }
      })
    },
  }
}
