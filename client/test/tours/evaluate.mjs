// Evaluate request…: the questions, the answer of each proxy, links to the YAML, the picture and the previous
// request, in light, dark and high-contrast themes.
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkAccessibility } from '../accessibility.mjs'
import { checkContentSecurity } from '../contentSecurity.mjs'
import { until } from '../until.mjs'
import { actUntilShown, isClicked, isShown } from '../elements.mjs'

export const fixture = 'test-fixtures/meshes/shop'
export const viewport = { width: 1400, height: 900 }

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, 'policies.yaml'))
  await page.locator('.squiggly-error').first().waitFor()
  const { quickInput } = workbench
  const evaluate = () => workbench.ownCommand('Evaluate Request')
  const ends = [
    ['Source', 'shop/web'],
    ['Destination', 'shop/cart'],
  ]
  await quickInput.answer(evaluate, ...ends)
  await quickInput.question('Request').waitFor()
  await shoot('1-questions')
  await quickInput.answer(
    evaluate,
    ...ends,
    ['Request', 'Path'],
    ['HTTP path', '/items'],
    ['Request', 'Evaluate'],
  )
  step('questions for source, destination, port and request')

  const panel = workbench.panel()
  await panel
    .locator('h1', { hasText: 'shop/web → Service shop/cart port 80: GET /items' })
    .waitFor()
  await panel
    .locator('p.verdict.deny', {
      hasText:
        'Denied at ztunnel shop/cart: shop/cart-owners does not allow shop/waypoint, which ztunnel sees instead of shop/web.',
    })
    .waitFor()
  const rows = await panel
    .locator('.scroll[aria-label="Answer of each proxy"] tbody tr')
    .allInnerTexts()
  assert.equal(rows.length, 2)
  assert.match(rows[0], /waypoint shop\/waypoint\s+port 80\s+shop\/web\s+Allowed/)
  assert.match(
    rows[1],
    /ztunnel shop\/cart\s+port 8080\s+shop\/waypoint\s+Denied\s+no ALLOW rule matched\s+no match in\s+shop\/cart-owners/,
  )
  await panel
    .locator('p', {
      hasText: 'No change of one or two values of this request would allow it.',
    })
    .waitFor()
  await panel.locator('.picture .edge.deny').first().waitFor()
  await panel.locator('.picture .node.denies').waitFor()
  await checkPictureIsWhole(panel)
  await panel.locator('button', { hasText: 'Show fixes of waypoint-identity-denied' }).waitFor()
  await panel
    .locator('[title="In the log of the proxy: allow policies exist, but none allowed"]')
    .waitFor()
  await checkAccessibility(page, 'The answer')
  await shoot('2-denied')
  step('the answer of each proxy with an accessible picture')

  await page.setViewportSize({ width: 2400, height: 900 })
  await until('a wide picture goes from left to right', () => isWide(panel))
  await checkPictureIsWhole(panel)
  await page.setViewportSize(viewport)
  await until(
    'a picture in a narrow panel goes from top to bottom',
    async () => !(await isWide(panel)),
  )
  await checkPictureIsWhole(panel)
  step('the whole path in a wide and in a narrow panel, with the proxy that denies')

  await checkContentSecurity(page)
  step('a page that loads and runs only files of the extension')

  await workbench.inOtherThemes(async (name, base) => {
    await shoot(`3-${base}`)
    await checkAccessibility(page, `The answer in ${name}`)
  })
  step('the same in light and high-contrast themes')

  await panel.locator('.frame').focus()
  await page.keyboard.press('ArrowRight')
  assert.match(await panel.locator('.picture :focus title').textContent(), /to|Client/)
  const width = Number(await panel.locator('.picture').getAttribute('width'))
  await page.keyboard.press('+')
  assert.ok(
    Number(await panel.locator('.picture').getAttribute('width')) > width,
    'Plus enlarges the picture.',
  )
  step('the picture with the keyboard')

  await quickInput.answer(
    () => isClicked(panel.locator('button', { hasText: 'Pin as test' })),
    ['Add the request to a test file', 'shop.access-test.yaml'],
  )
  await page.locator('.tab.active.dirty', { hasText: 'shop.access-test.yaml' }).waitFor()
  await workbench.save()
  await workbench.closeTab('shop.access-test.yaml')
  assert.match(readFileSync(join(folder, 'shop.access-test.yaml'), 'utf8'), /path: \/items/)
  step('the request as a policy test')

  const link = (text) => isClicked(panel.locator('td button.link', { hasText: text }).first())
  await actUntilShown(
    'the page of the rule',
    () => link('waypoint-identity-denied'),
    workbench.rulePage().locator('h1', { hasText: 'waypoint-identity-denied' }),
  )
  await workbench.closeTab('waypoint-identity-denied')
  step('the page of the rule of a finding')

  await actUntilShown(
    'the policy',
    () => link('shop/cart-owners'),
    workbench.statusBarItem('Ln 56'),
  )
  await page.locator('.editor-instance .selected-text').first().waitFor()
  step('a link from the policy to the YAML')

  await workbench.menus.open(
    'Enforce at the waypoint and allow only traffic from the waypoint',
    () => isClicked(panel.locator('button', { hasText: 'Show fixes of waypoint-identity-denied' })),
  )
  await shoot('4-fixes')
  await workbench.menus.closeQuickFixes()
  step('the fixes of the finding, from the panel')

  await workbench.command('Export Picture as Mermaid')
  await workbench.tab('Untitled').waitFor()
  await workbench.waitForText(/flowchart LR[\s\S]*✕ shop\/waypoint/)
  step('the picture as Mermaid')

  await workbench.openFile('policies.yaml')
  const selected = (text) =>
    page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text })
  await until('the values of the previous request', async () => {
    await quickInput.close()
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Control+e')
    if (!(await isShown(selected('shop/web')))) return false
    await page.keyboard.press('Enter')
    return isShown(selected('shop/cart'))
  })
  await quickInput.close()
  step('a key asks again, and the values of the previous request are selected')

  await workbench.openFile('shop.yaml')
  const title = page.locator('.quick-input-title', { hasText: /Evaluate: .*shop\// })
  await workbench.followLens('Evaluate request', title)
  await shoot('5-from-a-lens')
  await quickInput.close()
  step('questions from a code lens, which knows the object below it')
}

async function isWide(panel) {
  const [width, height] = await panel
    .locator('.picture')
    .evaluate((picture) => ['width', 'height'].map((name) => Number(picture.getAttribute(name))))
  return width > height
}

/** Fails if a part of the picture is outside of its frame. */
async function checkPictureIsWhole(panel) {
  const outside = await panel.locator('.frame').evaluate((frame) => {
    const { left, right } = frame.getBoundingClientRect()
    return [...frame.querySelectorAll('[data-part]')]
      .filter((part) => {
        const box = part.getBoundingClientRect()
        return box.left < left - 1 || box.right > right + 1
      })
      .map((part) => part.textContent)
  })
  assert.deepEqual(outside, [], 'The whole picture is visible.')
}
