// Bundles the test files to scripts that run many times in one process, each time with new modules and one active
// mutant.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import vm from 'node:vm'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect'
import fc from 'fast-check'

const require = createRequire(import.meta.url)
chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

/**
 * Reading manifests is not tested here and takes most of the time, so its results are kept. By file: the function that
 * reads, and the key of its result.
 */
const KEPT = [
  [
    'resources/readDocument.ts',
    'readDocument',
    '([text, options]) => JSON.stringify([text, options])',
  ],
  ['testing/fixtureFiles.ts', 'readVectors', '([name]) => name'],
]
globalThis.__keptReadings = new Map()

function keepReadings(path, text) {
  const [, name, key] = KEPT.find(([file]) => path.endsWith(file)) ?? []
  if (!name) return text
  return `${text.replace(`export function ${name}`, `function ${name}Afresh`)}
export function ${name}(...args) {
  const key = ${JSON.stringify(name)} + (${key})(args)
  const kept = globalThis.__keptReadings.get(key) ?? { value: ${name}Afresh(...args) }
  globalThis.__keptReadings.set(key, kept)
  return kept.value
}`
}

/** One script for each test file. `sources` has the texts of changed source files. */
export async function bundleTests(testFiles, sources) {
  const replaceSources = {
    name: 'mutants',
    setup(builder) {
      builder.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
        contents: keepReadings(path, sources.get(path) ?? readFileSync(path, 'utf8')).replaceAll(
          'import.meta.url',
          JSON.stringify(pathToFileURL(path).href),
        ),
        loader: 'ts',
      }))
    },
  }
  const { outputFiles } = await build({
    entryPoints: testFiles,
    bundle: true,
    write: false,
    outdir: 'out',
    outbase: '/',
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    external: ['vitest', 'fast-check', 'yaml', 'node:*'],
    plugins: [replaceSources],
  })
  return testFiles.map((file, index) => ({ file, text: outputFiles[index].text }))
}

export function load({ file, text }) {
  const script = new vm.Script(`(function (require, module, exports, __M) {${text}\n})`, {
    filename: `${basename(file)}.js`,
  })
  return { file, start: script.runInThisContext() }
}

/**
 * Runs a test file until a test fails. Returns the failure, or undefined. `isActive` is called for each reached
 * mutant.
 */
export async function runTests(loaded, isActive) {
  const tests = []
  // Property tests use the same examples each time and do not search for smaller ones.
  fc.configureGlobal({ seed: 20260822, endOnFailure: true })
  try {
    const module = { exports: {} }
    loaded.start(
      (name) => (name === 'vitest' ? vitest(tests) : name === 'fast-check' ? fc : require(name)),
      module,
      module.exports,
      isActive,
    )
    for (const run of tests) await run()
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The part of vitest that the tests use. */
function vitest(tests) {
  const expect = Object.assign((value, message) => chai.expect(value, message), chai.expect)
  const each = (register) => (cases) => (name, body) => {
    for (const given of cases)
      register(name, () => body(...(Array.isArray(given) ? given : [given])))
  }
  const it = Object.assign((_, body) => void tests.push(body), {
    each: each((_, body) => void tests.push(body)),
  })
  const describe = Object.assign((_, body) => void body(), { each: each((_, body) => void body()) })
  return { expect, it, test: it, describe }
}
