// The extension as a web extension: client and server run in the page, and the files come through the editor.
import { strict as assert } from 'node:assert'

export const fixture = 'test-fixtures/editor'
export const settings = { 'remote.extensionKind': { 'istio-ambient-policy.istio-ambient-policy': ['web'] } }

export async function tour({ page, workbench, server, folder, shoot, step }) {
  const workers = []
  page.on('worker', (worker) => workers.push(worker.url()))
  await workbench.open(server.url(folder, 'policies/productpage-viewer.yaml'))
  await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 })
  await page.keyboard.press('Control+Shift+m')
  await page.locator('.markers-panel .monaco-list-row', { hasText: 'disable-mode-is-permissive' }).first().waitFor()
  await shoot('1-problems')
  console.log(workers)
  assert.ok(workers.length > 0)
  step('problems of all files, found in the page')
}
