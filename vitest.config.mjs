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
    // Messages to a thread cost less than to a process. Its stack is larger: hostile inputs have other results there.
    pool: mode === 'fast' ? 'threads' : 'forks',
    // Transformed modules are kept by their content: the second run does not compile them again.
    experimental: { fsModuleCache: true },
    globalSetup: mode === 'fast' ? [] : ['./vitest.globalSetup.mjs'],
    setupFiles: mode === 'fast' ? [] : ['./vitest.setup.mjs'],
    testTimeout: mode === 'deep' ? 30_000 * Number(DEPTH) : 30_000,
    hookTimeout: 30_000,
  },
}))
