// The commands where a user looks for them: links in a hover, and the menus of the editor and of the explorer.
import { strict as assert } from 'node:assert'
import { isClicked } from '../elements.mjs'

export const fixture = 'test-fixtures/meshes/shop'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, 'policies.yaml'))
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()
  await page.locator('.activitybar .action-label[aria-label^="Istio Mesh"]').waitFor()
  const { menus, quickInput } = workbench
  const checkAsks = async (open) => {
    await quickInput.ask(open, 'Source')
    await quickInput.close()
  }
  const rightClick = (locator) => () => isClicked(locator.first(), { button: 'right' })

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
  await checkAsks(async () => {
    const current = await workbench.hover()
    await isClicked(current.locator('a', { hasText: 'Evaluate request' }).first())
  })
  step('a hover has the effect before the table, and a link evaluates a request')

  const onPolicy = rightClick(page.locator('.view-line', { hasText: 'AuthorizationPolicy' }))
  await menus.open('Show What ztunnel Receives', onPolicy)
  await shoot('2-context')
  await menus.choose('Show Predicted Status', onPolicy)
  await workbench.tab('catalog-readers - predicted status').waitFor()
  await page.locator('.view-line', { hasText: 'UnsupportedValue' }).first().waitFor()
  await shoot('3-status')
  step('the menu of the editor shows the predicted status of the policy below it')

  await workbench.openFile('policies.yaml')
  const more = page.locator('.editor-actions .action-label[aria-label^="More Actions"]').first()
  await checkAsks(() => menus.choose('Evaluate Request', () => isClicked(more)))
  step('the menu of the title of the editor')

  const file = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'shop.yaml' })
  await checkAsks(() => menus.choose('Evaluate Request', rightClick(file)))
  step('the menu of a file in the explorer')

  await workbench.openFile('policies.yaml')
  await workbench.goTo(195, 15)
  const missing = await workbench.hover()
  await missing.getByText('Service payments/ledgr').first().waitFor()
  await missing.getByText('not in these files').first().waitFor()
  await shoot('4-missing')
  await workbench.closeHover()
  step('a hover on a name says that no file has the object')
}
