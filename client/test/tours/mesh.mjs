// The mesh view: the tree with its links, and the picture of the connections of a namespace with its exports, in
// light, dark and high-contrast themes.
import { strict as assert } from 'node:assert'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkAccessibility } from '../accessibility.mjs'

export const fixture = 'test-fixtures/meshes/shop'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, 'shop.yaml'))
  await page.locator('.codelens-decoration', { hasText: 'services' }).first().waitFor()
  await page.locator('.activitybar .action-label[aria-label^="Istio Mesh"]').click()
  const row = (text) => page.locator('.pane-body .monaco-list-row', { hasText: text }).first()
  await row('payments').waitFor()
  await row('shop').click()
  await row('cart').waitFor()
  assert.match(
    await row('cart').innerText(),
    /cart\s*(\d+ (error|warning)s?(, \d+ warnings?)? · )?Service · .* · /,
  )
  await row('Enforced nowhere').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.locator('.pane-body .monaco-list-row.focused', { hasText: 'cart' }).first().waitFor()
  await page.keyboard.press('ArrowRight')
  await row('through waypoint shop/waypoint').waitFor()
  await row('shop/cart-owners').waitFor()
  await shoot('1-tree')
  step('namespace → Service → waypoint, policies, access')

  await row('cart').click({ button: 'right' })
  await page
    .locator('.monaco-menu .action-label', { hasText: 'Show What ztunnel Receives' })
    .first()
    .waitFor()
  await page.keyboard.press('Escape')
  step('a context menu with the documents about a Service')

  await row('shop/cart-owners').click()
  await page.locator('.tab.active', { hasText: 'policies.yaml' }).waitFor()
  step('a link from the tree to the YAML')

  await row('shop').hover()
  await row('shop').locator('.action-label[aria-label="Show Connections"]').click()
  const panel = workbench.panel()
  await panel.locator('h1', { hasText: 'Connections of namespace shop' }).waitFor()
  assert.ok((await panel.locator('.picture .edge.deny').count()) > 0)
  assert.match(await panel.locator('.words').innerText(), /outside the mesh to .*denied/)
  await checkAccessibility(page, 'The picture of connections')
  await shoot('2-connections')
  step('the connections of a namespace, denied ones in red and in words')

  await panel.locator('.picture .node.waypoint.opens').first().focus()
  await page.keyboard.press('Enter')
  await page.locator('.tab.active', { hasText: 'shop.yaml' }).waitFor()
  step('a link from the picture to the YAML, with the keyboard')

  for (const [name, base] of [
    ['Light Modern', 'vs'],
    ['Dark High Contrast', 'hc-black'],
    ['Light High Contrast', 'hc-light'],
  ]) {
    await workbench.theme(name, base)
    await shoot(`3-${base}`)
    await checkAccessibility(page, `The picture of connections in ${name}`)
  }
  await workbench.theme('Dark Modern', 'vs-dark')
  step('the same in light and high-contrast themes')

  const before = await panel.locator('.picture .edge.deny').count()
  const policies = join(folder, 'policies.yaml')
  writeFileSync(
    policies,
    readFileSync(policies, 'utf8').replace(
      'serviceAccounts: ["shop/web"]\n---\n# Only the shop',
      'serviceAccounts: ["shop/web", "shop/waypoint"]\n---\n# Only the shop',
    ),
  )
  await panel
    .locator('.words li.deny', { hasText: 'Workload shop/cart as shop/waypoint' })
    .first()
    .waitFor({ state: 'detached' })
  assert.ok((await panel.locator('.picture .edge.deny').count()) < before)
  step('a picture that follows changes of the files')

  await workbench.command('Export Picture as SVG')
  await page.locator('.tab.active', { hasText: 'Untitled' }).waitFor()
  await workbench.waitForText(/<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  step('the picture as SVG')
}
