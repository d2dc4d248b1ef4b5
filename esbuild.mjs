// node esbuild.mjs: bundles each program to one file, and the server to several files that it loads later. A bundle
// whose inputs are unchanged is not built again.
//   --watch        bundles again after each change
//   --debug        without minification, with source maps
//   --only NAME    only this bundle
//   --to FOLDER    writes to another folder
//   --meta FILE    writes the inputs of the bundles as JSON
//   --names FILE   the names of the publisher (default: packaging/placeholders.json)
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, context } from 'esbuild'
import { copyBuild, recordBuild, recordedBuild } from './scripts/bundleRecords.mjs'
import { commonJsChunks } from './scripts/commonJsChunks.mjs'
import { constantModule } from './scripts/constantModule.mjs'
import { writeLicenses } from './scripts/licenses.mjs'
import { releaseNames } from './scripts/release/names.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const { values: args } = parseArgs({
  options: {
    watch: { type: 'boolean' },
    debug: { type: 'boolean' },
    only: { type: 'string' },
    to: { type: 'string' },
    meta: { type: 'string' },
    names: { type: 'string', default: here('packaging/placeholders.json') },
  },
})
const { version, rulePages } = releaseNames(JSON.parse(readFileSync(args.names, 'utf8')))

const DEFINE = {
  AMBIENT_POLICY_VERSION: JSON.stringify(version),
  AMBIENT_POLICY_RULE_PAGES: JSON.stringify(rulePages),
  AMBIENT_POLICY_BUILD: JSON.stringify(args.watch ? '' : digestOfSources()),
}

/**
 * The bundles. `options` are added to the common options. A bundle with `split` loads some parts later: with `packs`
 * from few files, see `packChunks`. An optional bundle is made only with `--only`.
 */
const BUNDLES = [
  {
    name: 'cli',
    entry: 'server/src/cli/main.ts',
    out: 'server/dist/cli.cjs',
    split: {
      packs: {
        start: [
          'server/src/cli/nodeProcess.ts',
          'server/src/cli/keptRun.ts',
          'server/src/cache/userCache.ts',
        ],
        help: ['server/src/cli/helpTexts.ts'],
        program: ['server/src/cli/program.ts'],
        check: ['server/src/cli/run/check.ts'],
      },
    },
  },
  // The same in one file, for an executable, which has no `import()`.
  {
    name: 'executable',
    isOptional: true,
    entry: 'server/src/cli/main.ts',
    out: '.build/executable/cli.cjs',
    options: { supported: { 'dynamic-import': false } },
  },
  // The entry of the package `ambient-policy/evaluator`.
  {
    name: 'evaluator',
    entry: 'server/src/evaluator/evaluator.ts',
    out: 'server/dist/evaluator.cjs',
  },
  // The GitHub action (action.yml).
  { name: 'action', entry: 'server/src/action/main.ts', out: 'dist/action.cjs' },
  { name: 'server', entry: 'server/src/main.ts', out: 'server/dist/server.cjs', split: {} },
  // The JSON schema library reads the address of the worker. A worker made of a blob has no usable address.
  {
    name: 'server-browser',
    entry: 'server/src/browser.ts',
    out: 'server/dist/browser.js',
    options: {
      platform: 'browser',
      format: 'iife',
      define: { ...DEFINE, 'self.location': 'undefined' },
    },
  },
  {
    name: 'extension',
    entry: 'client/src/extension.ts',
    out: 'client/dist/extension.cjs',
    options: { external: ['vscode'] },
  },
  {
    name: 'extension-browser',
    entry: 'client/src/browser.ts',
    out: 'client/dist/browser.js',
    options: { platform: 'browser', external: ['vscode'] },
  },
  {
    name: 'webview',
    entry: 'client/webview/main.ts',
    out: 'client/dist/webview.js',
    options: { platform: 'browser', format: 'iife' },
  },
]

/** Commander loads the module for other programs, which no command starts through it: that takes 2 ms of each start. */
const COMMANDER = {
  name: 'commander',
  setup({ onLoad }) {
    const [name, path] = ['childProcess', 'node:child_process']
    onLoad({ filter: /[\\/]commander[\\/]lib[\\/]command\.js$/ }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8')
      const before = `const ${name} = require('${path}');`
      if (!text.includes(before)) throw new Error(`${file} has no line "${before}".`)
      const later = `const ${name} = { get spawn() { return require('${path}').spawn } };`
      return { contents: text.replace(before, later) }
    })
  },
}

/** A help text is printed without loading the commands. */
const HELP = constantModule(here('server/src/cli/helpTexts.ts'), 'helpTexts')

const common = {
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  define: DEFINE,
  // The Node build of `yaml` reads an environment variable for each token, which is slow.
  alias: { yaml: here('node_modules/yaml/browser/index.js') },
  plugins: [COMMANDER, HELP],
}

const wanted = BUNDLES.filter(({ name, isOptional = false }) =>
  args.only === undefined ? !isOptional : name === args.only,
)

/** The options of esbuild for a bundle that is written to a file. */
function settingsOf({ entry, split, options }, outfile) {
  const whole = {
    ...common,
    ...(args.debug ? { minify: false, sourcemap: 'inline' } : {}),
    entryPoints: [here(entry)],
    outfile,
    ...options,
  }
  if (!split) return whole
  const chunks = commonJsChunks({
    name: basename(outfile, '.cjs'),
    entry: here(entry),
    folder: dirname(outfile),
    packs: split.packs,
  })
  return { ...whole, ...chunks, plugins: [...whole.plugins, ...chunks.plugins] }
}

/** Builds a bundle, or copies it, unless it is there. Returns its metafile. */
async function makeBundle(bundle) {
  const outfile = here(bundle.out)
  const settings = settingsOf(bundle, outfile)
  const recorded = recordedBuild(bundle.name, settings)
  if (recorded) {
    if (args.to) copyBuild(recorded, dirname(outfile), args.to)
    return recorded
  }
  if (args.to) {
    const { metafile } = await build(settingsOf(bundle, join(args.to, basename(outfile))))
    return metafile
  }
  const { metafile } = await build(settings)
  recordBuild(bundle.name, settings, metafile)
  return metafile
}

if (args.watch)
  for (const bundle of wanted) await (await context(settingsOf(bundle, here(bundle.out)))).watch()
else {
  const metafiles = await Promise.all(wanted.map(makeBundle))
  if (args.meta !== undefined) writeFileSync(args.meta, JSON.stringify(metafiles))
  if (args.only === undefined)
    writeLicenses(metafiles, { root: here('.'), out: here('dist/THIRD_PARTY_LICENSES.txt') })
}
/** A digest of everything that decides about results. Results that a cache keeps belong to one digest. */
function digestOfSources() {
  const hash = createHash('sha256').update(`${rulePages}\n`)
  const files = ['package-lock.json', 'esbuild.mjs']
  for (const folder of ['shared/src', 'server/src'])
    for (const entry of readdirSync(here(folder), { recursive: true, withFileTypes: true }))
      if (entry.isFile() && !entry.name.includes('.test.'))
        files.push(relative(here('.'), join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(here(file)))
  return hash.digest('hex').slice(0, 16)
}
