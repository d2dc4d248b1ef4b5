// Evaluate request…: the questions, the answer hop by hop, links to the YAML, the picture, what was answered before; in light, dark and high-contrast themes.
import { strict as assert } from 'node:assert'
import { checkAccessibility } from '../accessibility.mjs'
import { checkClosed } from '../closed.mjs'

export const fixture = 'test-fixtures/meshes/shop'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, 'policies.yaml'))
  await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 })
  await workbench.command('Istio Ambient Policy: Evaluate Request')
  await workbench.choose('shop/web', 'Who sends it?')
  await workbench.choose('shop/cart', 'What is asked for?')
  await workbench.choose('80', 'Which port?')
  await page.locator('.quick-input-widget input[placeholder*="What is sent?"]').waitFor()
  await shoot('1-questions')
  await workbench.choose('Path', 'What is sent?')
  await workbench.choose('/items', 'Which path?')
  await workbench.choose('Evaluate', 'What is sent?')
  step('asked for source, destination, port and request')

  const panel = workbench.panel()
  await panel
    .locator('h1', { hasText: 'shop/web → Service shop/cart port 80: GET /items' })
    .waitFor()
  await panel.locator('p.verdict.deny', { hasText: 'Refused' }).waitFor()
  const rows = await panel.locator('tbody tr').allInnerTexts()
  assert.equal(rows.length, 2)
  assert.match(
    rows[0],
    /waypoint shop\/waypoint\s+port 80\s+cluster\.local\/ns\/shop\/sa\/web\s+Allowed/,
  )
  assert.match(
    rows[1],
    /ztunnel shop\/cart\s+port 8080\s+cluster\.local\/ns\/shop\/sa\/waypoint\s+Refused\s+allow policies exist, but none allowed\s+none matched of\s+shop\/cart-owners/,
  )
  assert.ok((await panel.locator('.picture .edge.deny').count()) > 0, 'What is refused is red.')
  await checkAccessibility(page, 'The answer')
  await shoot('2-refused')
  step('the verdict hop by hop, with a picture that axe has nothing against')

  await checkClosed(page)
  step('a page that can load and run nothing but what the extension brought')

  await workbench.theme('Light Modern', 'vs')
  await shoot('3-light')
  await checkAccessibility(page, 'The answer in a light theme')
  await workbench.theme('Dark High Contrast', 'hc-black')
  await shoot('4-high-contrast')
  await checkAccessibility(page, 'The answer in high contrast')
  await workbench.theme('Dark Modern', 'vs-dark')
  step('the same in light and high-contrast themes')

  await panel.locator('.frame').focus()
  await page.keyboard.press('ArrowRight')
  assert.match(await panel.locator('.picture :focus title').textContent(), /to|Client/)
  const width = Number(await panel.locator('.picture').getAttribute('width'))
  await page.keyboard.press('+')
  assert.ok(
    Number(await panel.locator('.picture').getAttribute('width')) > width,
    'Plus makes it larger.',
  )
  step('the picture by keyboard')

  await panel.locator('td button.link', { hasText: 'shop/cart-owners' }).click()
  await page.locator('.editor-instance .selected-text').first().waitFor()
  assert.match(
    await page.locator('.statusbar-item', { hasText: 'Ln ' }).first().innerText(),
    /Ln 56/,
  )
  step('the policy of a hop is a link to the YAML')

  await workbench.command('Export Picture as Mermaid')
  await page.locator('.tab.active', { hasText: 'Untitled' }).waitFor()
  assert.match(await workbench.text(), /flowchart LR[\s\S]*✕ shop\/waypoint/)
  step('the picture as Mermaid')

  await workbench.command('Istio Ambient Policy: Evaluate Request')
  await page
    .locator('.quick-input-list .monaco-list-row.focused', { hasText: 'shop/web' })
    .waitFor()
  await page.keyboard.press('Enter')
  await page
    .locator('.quick-input-list .monaco-list-row.focused', { hasText: 'shop/cart' })
    .waitFor()
  await page.keyboard.press('Escape')
  step('what was answered last is marked')

  await workbench.openFile('shop.yaml')
  await page.locator('.codelens-decoration a', { hasText: 'Evaluate request' }).first().click()
  await page
    .locator('.quick-input-title', { hasText: 'Evaluate: ' })
    .filter({ hasText: 'shop/' })
    .waitFor()
  await shoot('5-from-a-lens')
  await page.keyboard.press('Escape')
  step('from a code lens, which says what it stands above')
}
