// A folder whose name has a space, a percent sign, a number sign, a question mark and a letter outside of ASCII: every link
// opens its file.
import { strict as assert } from 'node:assert'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commitAll, GIT_SETTINGS } from '../repository.mjs'

export const fixture = undefined
export const settings = GIT_SETTINGS

const NAME = "Läden #1 (50% [off]) ?&+ 'x' %20"

export async function tour({ page, workbench, server, folder: parent, at, shoot, step }) {
  const folder = join(parent, NAME)
  cpSync(at('test-fixtures/meshes/shop'), folder, { recursive: true })
  commitAll(folder)
  const panel = workbench.panel()
  await workbench.open(server.url(folder, 'policies.yaml'))
  await page.locator('.squiggly-error').first().waitFor()
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()
  step('squiggles and lenses')

  await page.locator('.codelens-decoration a', { hasText: 'ztunnel · sees' }).first().click()
  await page.locator('.peekview-widget', { hasText: 'shop.yaml' }).first().waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.peekview-widget').first().waitFor({ state: 'detached' })
  step('the workloads of a policy, from its lens')

  await workbench.goTo(15, 34)
  const hover = await workbench.hover()
  await hover.locator('a', { hasText: 'Go to Namespace' }).first().click()
  await page.locator('.tab.active', { hasText: 'namespaces.yaml' }).waitFor()
  step('a link of a hover')

  await workbench.openFile('policies.yaml')
  await workbench.goTo(3, 8)
  await page
    .locator('.view-line', { hasText: 'AuthorizationPolicy' })
    .first()
    .click({ button: 'right' })
  await workbench.chooseFromMenu('Show Predicted Status')
  await page.locator('.tab.active', { hasText: 'catalog-readers - predicted status' }).waitFor()
  await page.locator('.view-line', { hasText: 'UnsupportedValue' }).first().waitFor()
  step('the predicted status')

  await page.locator('.activitybar .action-label[aria-label^="Istio Mesh"]').click()
  const row = (text) => page.locator('.pane-body .monaco-list-row', { hasText: text }).first()
  await row('payments').click()
  await row('ledger').click()
  await page.locator('.tab.active', { hasText: 'payments.yaml' }).waitFor()
  step('a link of the tree')

  await workbench.openFile('policies.yaml')
  await workbench.ownCommand('Evaluate Request')
  await workbench.choose('shop/web', 'Source')
  await workbench.choose('shop/cart', 'Destination')
  await workbench.choose('Evaluate', 'Request')
  await panel.locator('td button.link', { hasText: 'shop/cart-owners' }).first().click()
  await workbench.statusBarItem('Ln 56').waitFor()
  step('a link of the panel')

  await panel.locator('button', { hasText: 'Pin as test' }).click()
  await page.locator('.quick-input-title', { hasText: 'Add the request to a test file' }).waitFor()
  await workbench.choose('shop.access-test.yaml')
  await page.locator('.tab.active.dirty', { hasText: 'shop.access-test.yaml' }).waitFor()
  await workbench.save()
  assert.match(readFileSync(join(folder, 'shop.access-test.yaml'), 'utf8'), /path: \//)
  await page.locator('.activitybar .action-label[aria-label^="Testing"]').click()
  await workbench.command('Test: Run All Tests')
  await page
    .locator('.test-explorer .monaco-list-row', { hasText: 'shop.access-test.yaml' })
    .first()
    .locator('.codicon-testing-passed-icon')
    .waitFor()
  step('a pinned test, which passes')

  await workbench.openFile('policies.yaml')
  await workbench.goTo(66, 28)
  await workbench.applyFix('Enforce at the waypoint and allow only traffic from the waypoint')
  await workbench.save()
  await workbench.ownCommand('Compare Access with HEAD')
  await panel.locator('h1', { hasText: 'Access compared with HEAD' }).waitFor()
  await panel.locator('tbody tr', { hasText: 'Service shop/cart' }).first().waitFor()
  await shoot('1-compared')
  step('a fix, and the access compared with HEAD')

  await panel.locator('td button.link', { hasText: 'cart-owners' }).first().click()
  await workbench.statusBarItem('Ln 65').waitFor()
  step('a link of the comparison')
}
