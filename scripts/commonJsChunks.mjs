// A program in several files, of which some are loaded when they are needed. esbuild splits ES modules alone, and Node starts those later than CommonJS: what it has split is made CommonJS file by file.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'

/** Options of esbuild for a program `NAME.cjs` with its other files in `NAME/` beside it. */
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

/** @param {string} chunks folder that is this program's alone: what an earlier build left there goes. */
function asCommonJs(chunks) {
  return {
    name: 'as CommonJS',
    setup({ initialOptions: { minify, platform, target, sourcemap }, onEnd }) {
      onEnd(async ({ outputFiles = [] }) => {
        const files = outputFiles.filter(({ path }) => path.endsWith('.cjs'))
        if (files.length === 0) return
        rmSync(chunks, { recursive: true, force: true })
        for (const { path, text } of files) {
          // Without `import()`, chunks are loaded by `require`, at once.
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
