// One bundle of test files and of everything that they import. Node loads it in one step. Vite compiles and links each
// module by itself, in each worker, which takes longer than most of the tests.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/**
 * Only Vite can run a test that replaces modules. Tests of scripts import large tools, which no other test needs; the
 * bundle has those that import sources in TypeScript.
 */
const REPLACES_MODULES = /\bvi\.(?:mock|doMock|hoisted|resetModules)\(/

/**
 * Bundles test files to a module of a new folder: it exports `tests`, which has a function by the absolute path of each
 * test file that imports the file. `alias` has the file that replaces a module, by the name of the module.
 * @returns {Promise<{ path: string, remove: () => void }>}
 */
export async function bundleTests(files, alias) {
  const parent = join(ROOT, 'node_modules/.cache')
  mkdirSync(parent, { recursive: true })
  const path = join(mkdtempSync(join(parent, 'tests-')), 'tests.mjs')
  const remove = () => rmSync(dirname(path), { recursive: true, force: true })
  try {
    await build({
      stdin: { contents: indexOf(files.filter(isBundled)), resolveDir: ROOT },
      outfile: path,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'linked',
      ignoreAnnotations: true,
      external: Object.keys(devDependencies),
      banner: { js: REQUIRE },
      logLevel: 'error',
      plugins: [replaceModules(alias), keepImportMeta],
    })
  } catch (error) {
    remove()
    throw error
  }
  return { path, remove }
}

/** The libraries that are CommonJS call `require`. */
const REQUIRE = `import { createRequire as requireOf } from 'node:module'
const require = requireOf(import.meta.url)`

function isBundled(file) {
  const text = readFileSync(file, 'utf8')
  return / from '[^']*\.ts'/.test(text) || (file.endsWith('.ts') && !REPLACES_MODULES.test(text))
}

function indexOf(files) {
  const entries = files.map((file) => {
    const from = `./${relative(ROOT, file).replaceAll('\\', '/')}`
    return `${JSON.stringify(file)}: () => import(${JSON.stringify(from)}),\n`
  })
  return `export const tests = {\n${entries.join('')}}`
}

/** As with Vite, a name that a replacement does not export is undefined. */
const replaceModules = (alias) => ({
  name: 'replace-modules',
  setup({ onLoad, onResolve }) {
    const filter = new RegExp(`^(?:${Object.keys(alias).join('|')})$`)
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'replaced' }))
    onLoad({ filter, namespace: 'replaced' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(alias[path])})`,
      resolveDir: ROOT,
    }))
  },
})

/** Tests and their helpers find files from their own place. */
const keepImportMeta = {
  name: 'keep-import-meta',
  setup({ onLoad }) {
    const filter =
      /\.test\.(?:ts|mjs)$|[\\/](?:testing|scripts|test-fixtures)[\\/](?:.*[\\/])?[^\\/]*\.(?:ts|mjs)$/
    onLoad({ filter }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      ),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    }))
  },
}
