// Which test files take long, and which have more cases with `npm run test:deep`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** A test that imports one of these modules takes long: it draws cases, reads fixtures, or runs a program. */
export const SLOW_MODULES = [
  'fast-check',
  'server/src/cli/testing/cliFolder',
  'server/src/testing/memoryWorkspaces',
  'server/src/testing/mcpFolder',
  'server/src/testing/scriptedClient',
  'scripts/testBundle',
  'shared/src/testing/fixtureFiles',
  'shared/src/testing/istioAmbientSuite',
  'test-fixtures/hostile/inputs',
]

/** Other tests that take long, as files and folders. */
export const SLOW_PATHS = [
  'client/src/l10n.test.ts',
  // Only Vite can replace their modules, and it compiles each module by itself.
  'client/src/languageModelTools.test.ts',
  'client/src/tests',
  'scripts',
  'server/src/action/action.test.ts',
  'server/src/convert/diagnosticsPublisher.test.ts',
  'server/src/features',
  'server/src/fuzz.test.ts',
  'server/src/helm/chartRenderer.test.ts',
  'server/src/nodeDeadline.test.ts',
  'server/src/nodeWatcher.test.ts',
  'server/src/session',
  'shared/src/access/nearestMiss.test.ts',
  'shared/src/accessTests/missingTests.test.ts',
  'shared/src/accessTests/mutants.test.ts',
  'shared/src/accessTests/runRule.test.ts',
  'shared/src/analysis/refusedFixes.test.ts',
  'shared/src/analysis/renderEdits.test.ts',
  'shared/src/analysis/variants/lookedUpVariants.test.ts',
  'shared/src/explain/meshTree.test.ts',
  'shared/src/explain/releaseAgreement.test.ts',
  'shared/src/inventory/queries.test.ts',
  'shared/src/logs/hostile.test.ts',
  'shared/src/mesh/nameIndex.test.ts',
  'shared/src/mesh/quiet.test.ts',
  'shared/src/resources/kustomize/conformance.test.ts',
  'shared/src/rules/mtls/peerDivergence.test.ts',
  'shared/src/rules/reads.test.ts',
  'shared/src/rules/registry.test.ts',
  'shared/src/waypoint/attachedPolicies.test.ts',
]

/** All test files, relative to the root. */
export function testFiles() {
  return ['shared/src', 'server/src', 'client/src', 'scripts'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((file) => /\.test\.(?:ts|mjs)$/.test(file)),
  )
}

/** The test files that take long. `npm run test:fast` leaves them out. */
export function slowTestFiles() {
  const modules = SLOW_MODULES.map((path) => path.slice(path.lastIndexOf('/') + 1))
  return testFiles().filter(
    (file) =>
      SLOW_PATHS.some((path) => file === path || file.startsWith(`${path}/`)) ||
      importsOneOf(file, modules),
  )
}

/** The test files with random cases or with a sample of many cases. `npm run test:deep` has ten times as many. */
export function randomTestFiles() {
  return testFiles().filter(
    (file) =>
      importsOneOf(file, ['fast-check']) || /[ {](?:runs|sampled)\b.* from '/.test(read(file)),
  )
}

/** Whether a file imports a module with one of these names. */
function importsOneOf(file, names) {
  const imports = read(file).matchAll(/ from '([^']+)'/g)
  return [...imports].some(([, path]) =>
    names.includes(path.slice(path.lastIndexOf('/') + 1).replace(/\.m?js$/, '')),
  )
}

function read(file) {
  return readFileSync(join(ROOT, file), 'utf8')
}
