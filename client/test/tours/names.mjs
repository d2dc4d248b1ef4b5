// A folder whose name has a space, a percent sign, a number sign, a question mark and a letter outside of ASCII: every link
// opens its file.
import { strict as assert } from 'node:assert'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { actUntilHidden, actUntilShown, isClicked } from '../elements.mjs'
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

  const peek = page.locator('.peekview-widget', { hasText: 'shop.yaml' })
  await workbench.followLens('ztunnel · sees', peek)
  await actUntilHidden('the peek view', () => page.keyboard.press('Escape'), peek)
  step('the workloads of a policy, from its lens')

  await workbench.goTo(15, 34)
  await workbench.followHover('Go to Namespace', workbench.tab('namespaces.yaml'))
  step('a link of a hover')

  await workbench.openFile('policies.yaml')
  await workbench.goTo(3, 8)
  const kind = page.locator('.view-line', { hasText: 'AuthorizationPolicy' }).first()
  await workbench.menus.choose('Show Predicted Status', () => isClicked(kind, { button: 'right' }))
  await workbench.tab('catalog-readers - predicted status').waitFor()
  await page.locator('.view-line', { hasText: 'UnsupportedValue' }).first().waitFor()
  step('the predicted status')

  await workbench.openViews('Istio Mesh')
  const row = (text) => page.locator('.pane-body .monaco-list-row', { hasText: text }).first()
  await actUntilShown('the workloads', () => isClicked(row('payments')), row('ledger'))
  await actUntilShown('the file', () => isClicked(row('ledger')), workbench.tab('payments.yaml'))
  step('a link of the tree')

  await workbench.openFile('policies.yaml')
  await workbench.quickInput.answer(
    () => workbench.ownCommand('Evaluate Request'),
    ['Source', 'shop/web'],
    ['Destination', 'shop/cart'],
    ['Request', 'Evaluate'],
  )
  const link = (text) => isClicked(panel.locator('td button.link', { hasText: text }).first())
  await actUntilShown(
    'the policy',
    () => link('shop/cart-owners'),
    workbench.statusBarItem('Ln 56'),
  )
  step('a link of the panel')

  await workbench.quickInput.answer(
    () => isClicked(panel.locator('button', { hasText: 'Pin as test' })),
    ['Add the request to a test file', 'shop.access-test.yaml'],
  )
  await page.locator('.tab.active.dirty', { hasText: 'shop.access-test.yaml' }).waitFor()
  await workbench.save()
  assert.match(readFileSync(join(folder, 'shop.access-test.yaml'), 'utf8'), /path: \//)
  await workbench.openViews('Testing')
  await workbench.command('Test: Run All Tests')
  await page
    .locator('.test-explorer .monaco-list-row', { hasText: 'shop.access-test.yaml' })
    .first()
    .locator('.codicon-testing-passed-icon')
    .waitFor()
  step('a pinned test, which passes')

  await workbench.openFile('policies.yaml')
  await workbench.goTo(66, 28)
  await workbench.menus.applyFix('Enforce at the waypoint and allow only traffic from the waypoint')
  await workbench.save()
  await workbench.ownCommand('Compare Access with HEAD')
  await panel.locator('h1', { hasText: 'Access compared with HEAD' }).waitFor()
  await panel.locator('tbody tr', { hasText: 'Service shop/cart' }).first().waitFor()
  await shoot('1-compared')
  step('a fix, and the access compared with HEAD')

  await actUntilShown('the policy', () => link('cart-owners'), workbench.statusBarItem('Ln 65'))
  step('a link of the comparison')
}
