// Files that are new, moved, or written by another system: folders that are renamed and copied, a file that is not saved, and
// line ends of Windows.
import { strict as assert } from 'node:assert'
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../until.mjs'

export const fixture = 'test-fixtures/editor'
/** Inserted text keeps its indentation. */
export const settings = { 'editor.autoIndent': 'none' }

const viewer = 'policies/productpage-viewer.yaml'
const FIX = 'Enforce at the waypoint with targetRefs: clients that bypass it are then allowed'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  const policy = readFileSync(join(folder, viewer), 'utf8')
  const group = (text) => workbench.problems.rows(text).first()
  await workbench.open(server.url(folder, 'namespace.yaml'))
  await workbench.problems.show()
  await group('productpage-viewer.yaml').filter({ hasText: 'policies' }).waitFor()

  renameSync(join(folder, 'policies'), join(folder, 'moved'))
  await group('productpage-viewer.yaml').filter({ hasText: 'moved' }).waitFor()
  await until('no finding in the old folder', async () => {
    return (await group('productpage-viewer.yaml').filter({ hasText: 'policies' }).count()) === 0
  })
  step('findings follow a folder that is renamed')

  cpSync(join(folder, 'moved'), join(folder, 'copied/deep'), { recursive: true })
  await group('productpage-viewer.yaml').filter({ hasText: 'copied/deep' }).waitFor()
  rmSync(join(folder, 'copied'), { recursive: true })
  await until('no finding in the deleted folder', async () => {
    return (await group('productpage-viewer.yaml').filter({ hasText: 'copied' }).count()) === 0
  })
  step('findings in a folder that is copied and deleted')

  rmSync(join(folder, 'moved/productpage-viewer.yaml'))
  await workbench.command('File: New Untitled Text File')
  await workbench.tab('Untitled').waitFor()
  await workbench.quickInput.answer(
    () => workbench.command('Change Language Mode'),
    ['Select Language Mode', 'YAML'],
  )
  await workbench.focusEditor()
  await page.keyboard.insertText(policy)
  await page.locator('.squiggly-error').first().waitFor()
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()
  await shoot('1-untitled')
  step('a finding and lenses in a file that is not saved')

  const windows = policy.replaceAll('\n', '\r\n')
  writeFileSync(join(folder, 'windows.yaml'), windows)
  await workbench.openFile('windows.yaml')
  await page.locator('.squiggly-error').first().waitFor()
  await workbench.statusBarItem('CRLF').waitFor()
  await workbench.goTo(18, 14)
  await workbench.menus.applyFix(FIX)
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' })
  await workbench.save()
  const fixed = readFileSync(join(folder, 'windows.yaml'), 'utf8')
  assert.match(fixed, /targetRefs:\r\n/)
  assert.doesNotMatch(fixed, /[^\r]\n/)
  step('a fix keeps the line ends of Windows')

  await page.keyboard.press('Control+z')
  await page.locator('.squiggly-error').first().waitFor()
  await workbench.save()
  assert.equal(readFileSync(join(folder, 'windows.yaml'), 'utf8'), windows)
  step('one undo takes a fix back, and the finding returns')
}
