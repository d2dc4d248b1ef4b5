// The extension as a web extension: client and server run in the page, and the editor reads the files.
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PRODUCT_NAME } from '../workbench.mjs'

export const fixture = 'test-fixtures/editor'
export const settings = {
  'remote.extensionKind': { 'istio-ambient-policy.istio-ambient-policy': ['web'] },
}

const viewer = 'policies/productpage-viewer.yaml'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, viewer))
  await page.locator('.squiggly-error').first().waitFor()
  await workbench.problems.show()
  await workbench.problems.rows('disable-mode-is-permissive').first().waitFor()
  await workbench.problems.hide()
  await shoot('1-problems')
  step('the problems of all files, found in the page')

  await workbench.goTo(18, 14)
  await workbench.menus.applyFix(
    'Enforce at the waypoint with targetRefs: clients that bypass it are then allowed',
  )
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' })
  await workbench.save()
  assert.match(readFileSync(join(folder, viewer), 'utf8'), /targetRefs/)
  step('a fix')

  await workbench.quickInput.ask(() => workbench.ownCommand('Evaluate Request'), 'Source')
  await workbench.quickInput.close()
  await workbench.languageStatus('9 objects, 6 files')
  await shoot('2-status')
  step('the language status, and the questions for a request')

  await workbench.command('Developer: Show Running Extensions')
  await page
    .locator('.runtime-extensions-editor .monaco-list-row', { hasText: PRODUCT_NAME })
    .first()
    .waitFor()
  await shoot('3-running')
}
