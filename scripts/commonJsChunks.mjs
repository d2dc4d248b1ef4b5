// A program in several files, so that parts are loaded later. esbuild splits only ES modules, which Node starts
// more slowly than CommonJS. So each file becomes CommonJS after esbuild has split the program.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'

/** The options of esbuild for a program `NAME.cjs` with its other files in the folder `NAME`. */
export function commonJsChunks({ name, entry, folder }) {
  return {
    entryPoints: { [name]: entry },
    outdir: folder,
    outfile: undefined,
    outExtension: { '.js': '.cjs' },
    chunkNames: `${name}/[name]-[hash]`,
    format: 'esm',
    splitting: true,
    write: false,
    plugins: [asCommonJs(join(folder, name))],
  }
}

/** @param {string} chunks a folder that contains only files of this program: earlier files are deleted. */
function asCommonJs(chunks) {
  return {
    name: 'as CommonJS',
    setup({ initialOptions: { minify, platform, target, sourcemap }, onEnd }) {
      onEnd(async ({ outputFiles = [] }) => {
        const files = outputFiles.filter(({ path }) => path.endsWith('.cjs'))
        if (files.length === 0) return
        rmSync(chunks, { recursive: true, force: true })
        for (const { path, text } of files) {
          // Without support for `import()`, esbuild loads the files with `require`.
          const { code } = await transform(text, {
            format: 'cjs',
            minify,
            platform,
            target,
            sourcemap,
            supported: { 'dynamic-import': false },
          })
          mkdirSync(dirname(path), { recursive: true })
          writeFileSync(path, code)
        }
      })
    },
  }
}
