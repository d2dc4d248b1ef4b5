// The mesh view: the tree with its links, and the access matrix of a namespace with its exports, in light, dark and
// high-contrast themes.
import { strict as assert } from 'node:assert'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkAccessibility } from '../accessibility.mjs'
import { actUntilHidden, actUntilShown, isClicked } from '../elements.mjs'
import { until } from '../until.mjs'

export const fixture = 'test-fixtures/meshes/shop'
export const viewport = { width: 1400, height: 900 }

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, 'shop.yaml'))
  await page.locator('.codelens-decoration', { hasText: 'services' }).first().waitFor()
  await workbench.openViews('Istio Mesh')
  const row = (text) => page.locator('.pane-body .monaco-list-row', { hasText: text }).first()
  await row('payments').waitFor()
  const namespaces = await page.locator('.pane-body .monaco-list-row').allInnerTexts()
  assert.deepEqual(
    namespaces.map((text) => /error/.test(text)),
    [true, true, false, false],
    `Namespaces with errors are first: ${namespaces.join(' | ')}`,
  )
  // A click on an open namespace closes it.
  await actUntilShown('the Services of a namespace', () => isClicked(row('shop')), row('cart'))
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

  await workbench.menus.open('Show What ztunnel Receives', () =>
    isClicked(row('cart'), { button: 'right' }),
  )
  await shoot('1-context')
  await actUntilHidden(
    'the context menu',
    () => page.keyboard.press('Escape'),
    page.locator('.monaco-menu'),
  )
  step('a context menu with the documents about a Service')

  await actUntilShown(
    'the policy',
    () => isClicked(row('shop/cart-owners')),
    workbench.tab('policies.yaml'),
  )
  step('a link from the tree to the YAML')

  const panel = workbench.panel()
  await actUntilShown(
    'the access matrix',
    async () => {
      await row('shop').hover()
      return isClicked(row('shop').locator('.action-label[aria-label="Show Access Matrix"]'))
    },
    panel.locator('h1', { hasText: 'Access to namespace shop' }),
  )
  const denied = panel.locator('.matrix td.deny')
  await denied.first().waitFor()
  for (const sign of ['✓ allowed', '✕ denied', '± depends on the request', '? undecided'])
    await panel.locator('.legend', { hasText: sign }).waitFor()
  await checkAccessibility(page, 'The access matrix')
  await shoot('2-matrix')
  step('the access matrix of a namespace')

  await panel.locator('.matrix td[tabindex="0"]').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await panel.locator('#detail h2', { hasText: ' to ' }).waitFor()
  await checkAccessibility(page, 'The requests of a cell')
  await panel.locator('#detail button.link').first().focus()
  await page.keyboard.press('Enter')
  await page.locator('.tab.active', { hasText: 'shop.yaml' }).waitFor()
  step('the requests of a cell and a link to the YAML, with the keyboard')

  const rows = panel.locator('.matrix tbody tr:visible')
  const all = await rows.count()
  for (const [wanted, sign, most] of [
    ['outside', 'th', 1],
    ['denied', 'td.deny', all],
    ['depends', 'td.partly', all - 1],
  ]) {
    await panel.locator('select').selectOption(wanted)
    await until(`the rows for ${wanted}`, async () => {
      const shown = await rows.count()
      const fit = await rows.filter({ has: page.locator(sign) }).count()
      return shown > 0 && shown <= most && fit === shown
    })
  }
  step(
    'filters for clients outside the mesh, for what is denied, and for what depends on the request',
  )

  const partly = panel.locator('.matrix td.partly:visible').first()
  const kinds = Number(await partly.locator('sub').innerText())
  assert.equal(
    await partly.getAttribute('aria-label'),
    `depends on the request: ${kinds} kinds of requests`,
  )
  await partly.click()
  await until('a row for each kind of requests', async () => {
    return (await panel.locator('#detail tbody tr').count()) === kinds
  })
  await shoot('3-depends')
  await checkAccessibility(page, 'The requests of a cell that depends on the request')
  await panel.locator('select').selectOption('all')
  step(`a cell that depends on the request: ${kinds} kinds of requests`)

  await page.setViewportSize({ width: viewport.width / 2, height: viewport.height / 2 })
  await page.keyboard.press('Control+b')
  await until('the text of the panel fits into its width', () => fitsIntoWidth(panel))
  await shoot('4-zoomed')
  await page.setViewportSize(viewport)
  await page.keyboard.press('Control+b')
  step('nothing but the matrix scrolls sideways at a zoom of 200 %')

  await workbench.inOtherThemes(async (name, base) => {
    await shoot(`5-${base}`)
    await checkAccessibility(page, `The access matrix in ${name}`)
  })
  step('the same in light and high-contrast themes')

  const webToCart = panel
    .locator('.matrix tbody tr', { hasText: 'shop/web' })
    .locator('td:first-of-type')
  assert.equal(await webToCart.getAttribute('aria-label'), 'denied')
  const policies = join(folder, 'policies.yaml')
  writeFileSync(
    policies,
    readFileSync(policies, 'utf8').replace(
      'serviceAccounts: ["shop/web"]\n---\n# The goal is access for the shop',
      'serviceAccounts: ["shop/web", "shop/waypoint"]\n---\n# The goal is access for the shop',
    ),
  )
  await until('shop/web may call the cart', async () => {
    return (await webToCart.getAttribute('aria-label')) === 'allowed'
  })
  step('a matrix that follows changes of the files')

  await workbench.command('Export Picture as SVG')
  await workbench.tab('Untitled').waitFor()
  await workbench.waitForText(/<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  step('the connections of the namespace as SVG')

  await actUntilShown(
    'the exported matrix',
    () => isClicked(panel.locator('button', { hasText: 'Export as CSV' })),
    page.locator('.view-line', { hasText: /^clients,Service\sshop\/cart\sport\s80,/ }),
  )
  step('the matrix as comma-separated values')
}

function fitsIntoWidth(panel) {
  return panel
    .locator('body')
    .evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)
}
