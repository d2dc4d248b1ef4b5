// The commands where a user looks for them: links in a hover, and the menus of the editor and of the explorer.
import { strict as assert } from 'node:assert'

export const fixture = 'test-fixtures/meshes/shop'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, 'policies.yaml'))
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()
  await page.locator('.activitybar .action-label[aria-label^="Istio Mesh"]').waitFor()
  const isAsked = async () => {
    await workbench.question('Source').waitFor()
    await page.keyboard.press('Escape')
    await workbench.question('Source').waitFor({ state: 'hidden' })
  }

  await workbench.goTo(3, 8)
  const hover = await workbench.hover()
  const text = await hover.innerText()
  const parts = [
    'catalog-readers',
    'enforced by destination ztunnel',
    'Effect',
    'Enforced',
    'Attachment',
  ]
  const places = parts.map((part) => text.indexOf(part))
  assert.deepEqual(
    places,
    places.filter((place) => place >= 0).toSorted((one, other) => one - other),
    `${parts.join(', ')} follow each other.`,
  )
  await shoot('1-hover')
  await hover.locator('a', { hasText: 'Evaluate request' }).first().click()
  await isAsked()
  step('a hover has the effect before the table, and a link evaluates a request')

  await page
    .locator('.view-line', { hasText: 'AuthorizationPolicy' })
    .first()
    .click({ button: 'right' })
  await page
    .locator('.monaco-menu .action-label', { hasText: 'Show What ztunnel Receives' })
    .first()
    .waitFor()
  await shoot('2-context')
  await workbench.chooseFromMenu('Show Predicted Status')
  await page.locator('.tab.active', { hasText: 'catalog-readers - predicted status' }).waitFor()
  await page.locator('.view-line', { hasText: 'UnsupportedValue' }).first().waitFor()
  await shoot('3-status')
  step('the menu of the editor shows the predicted status of the policy below it')

  await workbench.openFile('policies.yaml')
  await page.locator('.editor-actions .action-label[aria-label^="More Actions"]').first().click()
  await workbench.chooseFromMenu('Evaluate Request')
  await isAsked()
  step('the menu of the title of the editor')

  await page
    .locator('.explorer-folders-view .monaco-list-row', { hasText: 'shop.yaml' })
    .first()
    .click({ button: 'right' })
  await workbench.chooseFromMenu('Evaluate Request')
  await isAsked()
  step('the menu of a file in the explorer')

  await workbench.openFile('policies.yaml')
  await workbench.goTo(195, 15)
  const missing = await workbench.hover()
  await missing.getByText('Service payments/ledgr').first().waitFor()
  await missing.getByText('not in these files').first().waitFor()
  await shoot('4-missing')
  await page.keyboard.press('Escape')
  step('a hover on a name says that no file has the object')
}
