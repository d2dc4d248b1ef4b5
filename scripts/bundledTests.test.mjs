import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { bundleTests } from './bundledTests.mjs'

const pathOf = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url))
const WALKTHROUGH = pathOf('client/src/walkthrough.test.ts')
const VIEW = pathOf('client/src/views/view.test.ts')
const SCRIPT = pathOf('scripts/testFiles.test.mjs')
const SCRIPT_OF_SOURCES = pathOf('scripts/generate/growth.test.mjs')
const REPLACES_MODULES = pathOf('client/src/tests/policyCoverage.test.ts')

it('bundles the tests of sources that replace no module, and keeps the places of their files', async () => {
  const bundle = await bundleTests(
    [WALKTHROUGH, VIEW, SCRIPT, SCRIPT_OF_SOURCES, REPLACES_MODULES],
    {
      vscode: pathOf('client/src/testing/vscode.ts'),
    },
  )
  try {
    const { tests } = await import(pathToFileURL(bundle.path).href)
    expect(Object.keys(tests)).toEqual([WALKTHROUGH, VIEW, SCRIPT_OF_SOURCES])
    expect(readFileSync(bundle.path, 'utf8')).toContain(pathToFileURL(WALKTHROUGH).href)
  } finally {
    bundle.remove()
  }
})
