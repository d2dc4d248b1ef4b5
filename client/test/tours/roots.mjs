// A workspace with two folders, which are two meshes: the language status names each, and says which setting limits one.
// Settings and folders change while the editor runs.
import { strict as assert } from 'node:assert'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const fixture = undefined

const ROOTS = { shop: 'test-fixtures/meshes/shop', bookinfo: 'test-fixtures/editor' }

export async function tour({ page, workbench, server, folder, at, shoot, step }) {
  for (const [name, from] of Object.entries(ROOTS))
    cpSync(at(from), join(folder, name), { recursive: true })
  const workspace = join(folder, 'two.code-workspace')
  writeFileSync(
    workspace,
    JSON.stringify({ folders: Object.keys(ROOTS).map((path) => ({ path })) }),
  )
  const limits = join(folder, 'bookinfo/.vscode')
  mkdirSync(limits)
  writeFileSync(join(limits, 'settings.json'), JSON.stringify({ 'istioAmbientPolicy.maxFiles': 5 }))
  await workbench.openWorkspace(
    server.urlOfWorkspace(workspace, join(folder, 'shop/policies.yaml')),
  )
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()
  await workbench.languageStatus(/shop: \d+ objects, \d+ files/)
  const limited = await workbench.languageStatus(/bookinfo: \d+ objects, 5 files/)
  await limited.filter({ hasText: 'limited by setting maxFiles' }).waitFor()
  await shoot('1-status')
  await checkIsWhole(limited)
  step('the language status has a line for each folder, and names the setting that limits one')

  rmSync(limits, { recursive: true })
  await workbench.languageStatus(/bookinfo: 9 objects, 6 files.*Istio/)
  step('the line changes with the settings')

  await page.keyboard.press('Escape')
  const problem = (rule) => workbench.problems.rows(rule)
  await workbench.problems.show('**/bookinfo/**')
  await problem('l7-allow-rule-dropped').first().waitFor()
  await problem('disable-mode-is-permissive').first().waitFor()
  mkdirSync(limits)
  writeFileSync(
    join(limits, 'settings.json'),
    JSON.stringify({ 'istioAmbientPolicy.rules': { 'l7-allow-rule-dropped': 'off' } }),
  )
  await problem('l7-allow-rule-dropped').waitFor({ state: 'detached' })
  await problem('disable-mode-is-permissive').first().waitFor()
  step('a rule that a folder turns off, without a restart')

  writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'shop' }] }))
  await problem('disable-mode-is-permissive').waitFor({ state: 'detached' })
  await workbench.languageStatus(/^Mesh: \d+ objects, \d+ files/)
  await shoot('2-one-folder')
  step('a folder that is removed has no findings')
}

/** Fails if a part of the line is cut. */
async function checkIsWhole(line) {
  const [inner, outer] = await Promise.all([
    line.locator('.right').boundingBox(),
    line.page().viewportSize(),
  ])
  assert.ok(inner.x + inner.width <= outer.width, 'The whole line is visible.')
}
