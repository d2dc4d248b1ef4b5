import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/**
 * Tests that take long: they read large or hostile inputs, replay recorded vectors, draw random cases, check every rule
 * on every example, or start the bundled server. `npm run test:fast` leaves them out, `npm test` runs them.
 */
const SLOW = [
  '**/*.property.test.ts',
  '**/{c,waypointC}onformance.test.ts',
  'shared/src/space/conformanceOfPairs.test.ts',
  '**/{fuzz,hostile,incremental,matchesSchema,properties,reads,registry}.test.ts',
  'shared/src/{docs/showcase,inventory/{inventory,queries},yaml/{parseYaml,readBlockYaml,splitText}}.test.ts',
  'shared/src/access/{istioAmbientSuite,istioAmbientSuiteL7,nearestMiss}.test.ts',
  'shared/src/{analysis/variants/lookedUpVariants,resources/sourceMap,yaml/splitDocuments}.test.ts',
  'shared/src/rules/{mtls/peerDivergence,validation/invalid-resource}.test.ts',
  'server/src/{browser,field,fixAll,isolation,start,tour}.test.ts',
  'server/src/{action/action,cli/bundle,cli/fix,cli/integrations}.test.ts',
  'server/src/{convert/diagnosticsPublisher,workspace/{edits,folders,openDocument}}.test.ts',
  'server/src/{features,hostile,mcp,session}/**/*.test.ts',
  'client/src/views/viewPage.test.ts',
  'scripts/**/*.test.mjs',
  'server/src/{editorDefaults,cli/helm,cli/commands/diff,helm/chartRenderer}.test.ts',
  'shared/src/{space/accessMatrix,space/strings,accessTests/mutants,accessTests/runRule}.test.ts',
]

export default defineConfig(({ mode }) => ({
  // The same build of `yaml` as in the bundles (esbuild.mjs): the one for Node is slower.
  resolve: {
    alias: {
      yaml: fileURLToPath(new URL('node_modules/yaml/browser/index.js', import.meta.url)),
    },
  },
  test: {
    include: [
      'shared/src/**/*.test.ts',
      'server/src/**/*.test.ts',
      'client/src/**/*.test.ts',
      'scripts/**/*.test.mjs',
    ],
    exclude: mode === 'fast' ? SLOW : [],
    isolate: false,
    // Only an editor has this module.
    alias: { vscode: new URL('client/src/testing/vscode.ts', import.meta.url).pathname },
    // Transformed modules are kept by their content: the second run does not compile them again.
    experimental: { fsModuleCache: true },
    globalSetup: mode === 'fast' ? [] : ['./vitest.globalSetup.mjs'],
    setupFiles: ['./vitest.setup.mjs'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
}))
