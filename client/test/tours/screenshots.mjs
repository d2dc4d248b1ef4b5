// The pictures of README.md and docs/editors.md: node client/test/e2e.mjs screenshots
import { join } from 'node:path'

export const fixture = 'test-fixtures/meshes/shop'
export const settings = { 'workbench.colorTheme': 'Light Modern', 'window.zoomLevel': 0 }
export const viewport = { width: 1180, height: 640 }

export async function tour({ page, workbench, server, folder, at, step }) {
  const save = async (name) => {
    await page.mouse.move(600, 1)
    await page.waitForTimeout(800)
    await page.screenshot({ path: join(at('client/media/screenshots'), `${name}.png`) })
    step(name)
  }
  await workbench.open(server.url(folder, 'policies.yaml'))
  await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 })
  await page.keyboard.press('Control+b')
  await workbench.goTo(3, 8)
  const hover = await workbench.hover()
  await hover.locator('table').first().waitFor()
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(at('client/media/screenshots'), 'hover.png') })
  step('hover')
  await page.keyboard.press('Escape')

  await workbench.command('Istio Ambient Policy: Evaluate Request')
  await workbench.choose('shop/web', 'Who sends it?')
  await workbench.choose('shop/cart', 'What is asked for?')
  await workbench.choose('80', 'Which port?')
  await workbench.choose('Evaluate', 'What is sent?')
  await workbench.panel().locator('p.verdict.deny').waitFor()
  await save('evaluate')

  await page.locator('.activitybar .action-label[aria-label^="Istio Mesh"]').click()
  const row = (text) => page.locator('.pane-body .monaco-list-row', { hasText: text }).first()
  await row('payments').click()
  await row('ledger').waitFor()
  await row('payments').hover()
  await row('payments').locator('.action-label[aria-label="Show Connections"]').click()
  await workbench.panel().locator('h1', { hasText: 'Connections of namespace payments' }).waitFor()
  await page.locator('.tab', { hasText: 'Connections' }).dblclick()
  await save('mesh')
}
