// Access: who can reach a Service, and what a change opens and closes since the Git revision HEAD, also before the file is
// saved, in light, dark and high-contrast themes.
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkAccessibility } from '../accessibility.mjs'
import { commitAll, GIT_SETTINGS } from '../repository.mjs'
import { actUntilShown, isClicked } from '../elements.mjs'
import { endOf } from '../place.mjs'
import { until } from '../until.mjs'

export const fixture = 'test-fixtures/meshes/shop'
export const settings = GIT_SETTINGS

export async function tour({ page, workbench, server, folder, shoot, step }) {
  commitAll(folder)
  await workbench.open(server.url(folder, 'shop.yaml'))
  const panel = workbench.panel()
  const themed = async (what) => {
    await checkAccessibility(page, what)
    await workbench.inOtherThemes(async (name, base) => {
      await shoot(`${what.replaceAll(' ', '-').toLowerCase()}-${base}`)
      await checkAccessibility(page, `${what} in ${name}`)
    })
  }

  await workbench.lens('Who can reach this?').first().waitFor()
  await workbench.symbol('Service reviews')
  await workbench.followLensAboveCursor(
    'Who can reach this?',
    panel.locator('h1', { hasText: 'Who can reach Service shop/reviews' }),
  )
  await panel.locator('caption', { hasText: 'All requests that are allowed' }).waitFor()
  await panel.locator('td.verdict.allow').first().waitFor()
  await themed('Who can reach')
  step('who can reach a Service, in all themes')

  await actUntilShown(
    'the answer to one of the requests',
    () => isClicked(panel.locator('button.link', { hasText: 'Evaluate one' }).first()),
    panel.locator('p.verdict.allow', { hasText: 'Allowed' }),
  )
  step('one of these requests, evaluated')

  await workbench.openFile('policies.yaml')
  const lens = workbench.lens('since HEAD')
  assert.equal(await lens.count(), 0, 'Nothing is different from HEAD.')
  const policies = readFileSync(join(folder, 'policies.yaml'), 'utf8')
  const owners = policies.indexOf('name: cart-owners')
  const { line, column } = endOf(policies, '["shop/web"', owners)
  await workbench.goTo(line, column)
  await page.keyboard.type(', "shop/waypoint"')
  await page.keyboard.press('Escape')
  await lens.first().waitFor()
  const [, opened] = /^opens (\d+) since HEAD$/.exec(await lens.first().innerText()) ?? []
  await shoot('1-lens')
  step('a lens says what the unsaved change opens')

  await workbench.followLens(
    'since HEAD',
    panel.locator('h1', { hasText: 'Access compared with HEAD' }),
  )
  await panel
    .locator('p.verdict', { hasText: `Opens ${opened}, closes 0 (kinds of requests)` })
    .waitFor()
  await panel.locator('caption', { hasText: 'Allowed now, denied before' }).waitFor()
  await panel.locator('tbody tr', { hasText: 'Service shop/cart' }).first().waitFor()
  await themed('Compared access')
  step('the requests that are allowed now, in all themes')

  await workbench.ownCommand('Compare Access with HEAD')
  await panel.locator('h1', { hasText: 'Access compared with HEAD' }).waitFor()
  await until('the text is the same as in HEAD', async () => {
    // The panel of the command takes the focus when it is ready.
    await workbench.focusEditor()
    await page.keyboard.press('Control+z')
    return (await page.locator('.tab.dirty').count()) === 0
  })
  await panel.locator('p.verdict', { hasText: 'No request has another verdict.' }).waitFor()
  await until('no lens without a change', async () => (await lens.count()) === 0)
  step('the comparison and the lens follow the text')
}
