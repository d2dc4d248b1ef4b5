// The structure of a file: outline, breadcrumbs, sticky scroll, folding, and selections that grow by YAML nodes.
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { actUntilHidden, actUntilShown, isClicked } from '../elements.mjs'
import { endOf } from '../place.mjs'
import { until } from '../until.mjs'

const FILE = 'policies.yaml'
/** The line of the marker of the second object. */
const OBJECT = 19

export const fixture = 'test-fixtures/meshes/shop'
/** Low, so that the object of the cursor is higher than the editor. */
export const viewport = { width: 1400, height: 420 }

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, FILE))
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()

  const header = page.locator('.pane-header', { hasText: 'Outline' })
  const outlined = page.locator('.outline-pane .monaco-list-row', {
    hasText: 'AuthorizationPolicy catalog-readers',
  })
  await actUntilShown(
    'the outline',
    () => isClicked(header),
    outlined.filter({ hasText: 'ztunnel' }),
  )
  await shoot('1-outline')
  step('the policy in the outline, with the text of its lens')

  await actUntilHidden('the outline', () => isClicked(header), outlined)
  await workbench.goTo(15, 30)
  const crumb = (text) =>
    page.locator('.breadcrumbs-control .monaco-breadcrumb-item', { hasText: text }).first()
  await crumb('AuthorizationPolicy catalog-readers').waitFor()
  await crumb('rule 1').waitFor()
  step('the object and the rule of the cursor in the breadcrumbs')

  await until('the rule is at the top', async () => {
    await page.keyboard.press('Control+ArrowDown')
    return (await stickyLines(page)).some((text) => text.includes('rules:'))
  })
  await shoot('2-sticky-scroll')
  step('the lines around the first visible line at the top')

  await workbench.goTo(OBJECT, 1)
  await page.keyboard.press('Control+Shift+[')
  await until('the object is folded', async () => !(await workbench.text()).includes('no-admin'))
  await shoot('3-folded')
  await page.keyboard.press('Control+Shift+]')
  await workbench.waitForText(/no-admin/)
  step('an object folds from its marker')

  const text = readFileSync(join(folder, FILE), 'utf8')
  const list = '["shop/web", "shop/cart"]'
  const { line, column } = endOf(text, '["shop')
  await workbench.goTo(line, column)
  const sizes = [
    list,
    `serviceAccounts: ${list}`,
    `- source:\n            serviceAccounts: ${list}`,
    text.slice(text.indexOf('apiVersion'), text.indexOf('\n---')),
  ].map(({ length }) => `(${length} selected)`)
  const position = page.locator('.statusbar-item', { hasText: /^Ln \d+, Col \d+/ }).first()
  const seen = await selectMore(page, position, sizes.at(-1))
  assert.deepEqual(
    seen.filter((each) => sizes.includes(each)),
    sizes,
    `Selected: ${seen.join(' ')}`,
  )
  step('a selection grows to the list, its entry, the item and the object')
}

/** Expands the selection until its size is `last`. Returns all sizes. */
async function selectMore(page, position, last) {
  const seen = []
  while (seen.at(-1) !== last) {
    const before = await position.innerText()
    await page.keyboard.press('Shift+Alt+ArrowRight')
    const text = await until('a larger selection', async () => {
      const after = await position.innerText()
      return after !== before && after
    })
    seen.push(/\(.*\)/.exec(text)?.[0])
  }
  return seen
}

function stickyLines(page) {
  return page.locator('.sticky-widget .sticky-line-content').allInnerTexts()
}
