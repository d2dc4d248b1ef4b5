import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleTests } from './scripts/bundledTests.mjs'

/**
 * Bundles the test files, and makes a temporary folder for the bundles of programs that the tests build, and for what
 * the programs keep: not the cache of the user.
 */
export default async function setup(project) {
  const folder = mkdtempSync(join(tmpdir(), 'ambient-policy-bundles-'))
  project.provide('bundles', folder)
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache')
  const bundle = needsVite(project.vitest) ? undefined : await bundleOf(project)
  project.provide('testBundle', bundle?.path ?? '')
  return () => {
    bundle?.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Only Vite knows which tests a change affects, where a snapshot is written and which lines a test covers, and shows the
 * lines of a failure: a run of named files is for them.
 */
function needsVite({ filenamePattern, config: { watch, snapshotOptions, coverage, inspector } }) {
  return (
    filenamePattern !== undefined ||
    watch ||
    snapshotOptions.updateSnapshot === 'all' ||
    coverage.enabled ||
    inspector.enabled
  )
}

async function bundleOf({ vitest, vite }) {
  const specifications = await vitest.globTestSpecifications()
  const alias = vite.config.resolve.alias.filter(({ find }) => typeof find === 'string')
  return bundleTests(
    specifications.map(({ moduleId }) => moduleId),
    Object.fromEntries(alias.map(({ find, replacement }) => [find, replacement])),
  )
}
