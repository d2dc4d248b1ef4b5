// Makes the pictures of README.md and docs/editors.md: node client/test/e2e.mjs screenshots
import { join } from 'node:path'

export const fixture = 'test-fixtures/meshes/shop'
export const settings = { 'workbench.colorTheme': 'Light Modern', 'window.zoomLevel': 0 }
export const viewport = { width: 1180, height: 640 }

export async function tour({ page, workbench, server, folder, at, step }) {
  const save = async (name) => {
    await workbench.untilStill()
    await page.screenshot({ path: join(at('client/media/screenshots'), `${name}.png`) })
    step(name)
  }
  /** Moves the mouse away, so that it highlights nothing. */
  const moveMouseAway = () => page.mouse.move(600, 1)
  await workbench.open(server.url(folder, 'policies.yaml'))
  await page.locator('.squiggly-error').first().waitFor()
  await page.keyboard.press('Control+b')
  await workbench.goTo(3, 8)
  const hover = await workbench.hover()
  await hover.locator('table').first().waitFor()
  await save('hover')
  await workbench.closeHover()

  await workbench.quickInput.answer(
    () => workbench.ownCommand('Evaluate Request'),
    ['Source', 'shop/web'],
    ['Destination', 'shop/cart'],
    ['Request', 'Evaluate'],
  )
  await workbench.panel().locator('p.verdict.deny').waitFor()
  await moveMouseAway()
  await save('evaluate')

  await workbench.openViews('Istio Mesh')
  const row = (text) => page.locator('.pane-body .monaco-list-row', { hasText: text }).first()
  await row('payments').click()
  await row('ledger').waitFor()
  await row('payments').hover()
  await row('payments').locator('.action-label[aria-label="Show Access Matrix"]').click()
  await workbench.panel().locator('h1', { hasText: 'Access to namespace payments' }).waitFor()
  await page.locator('.tab', { hasText: 'Access to payments' }).dblclick()
  await moveMouseAway()
  await save('mesh')
}
