import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { randomTestFiles, slowTestFiles } from './scripts/testFiles.mjs'

/** With `npm run test:deep`, properties have ten times as many random cases. */
const DEPTH = process.env.TEST_DEPTH ?? '10'

export default defineConfig(({ mode }) => ({
  resolve: {
    alias: {
      // The same build as in the bundles (esbuild.mjs): the one for Node is slower.
      yaml: fileURLToPath(new URL('node_modules/yaml/browser/index.js', import.meta.url)),
      // Only an editor has this module.
      vscode: fileURLToPath(new URL('client/src/testing/vscode.ts', import.meta.url)),
    },
  },
  test: {
    include:
      mode === 'deep'
        ? randomTestFiles()
        : [
            'shared/src/**/*.test.ts',
            'server/src/**/*.test.ts',
            'client/src/**/*.test.ts',
            'scripts/**/*.test.mjs',
          ],
    exclude: mode === 'fast' ? slowTestFiles() : [],
    env: mode === 'deep' ? { TEST_DEPTH: DEPTH } : {},
    isolate: false,
    pool: 'forks',
    // Most code runs only a few times: V8 optimizes later than by default, which takes a fifth less CPU.
    execArgv: ['--interrupt-budget=1000000'],
    // Transformed modules are kept by their content: the second run does not compile them again.
    experimental: { fsModuleCache: true },
    // The tests of a whole run are one bundle: scripts/bundledTests.mjs.
    globalSetup: ['./vitest.globalSetup.mjs'],
    runner: './vitest.runner.mjs',
    setupFiles: mode === 'fast' ? [] : ['./vitest.setup.mjs'],
    testTimeout: mode === 'deep' ? 30_000 * Number(DEPTH) : 30_000,
    hookTimeout: 30_000,
  },
}))
