// What a person sees while editing: squiggles, lenses, problems, the page of a rule, hovers, fixes, the status.
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const viewer = 'policies/productpage-viewer.yaml'
const peers = 'policies/peer-authentication.yaml'

export const fixture = 'test-fixtures/editor'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  const read = (file) => readFileSync(join(folder, file), 'utf8')
  await workbench.open(server.url(folder, viewer))
  await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 })
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()
  await shoot('1-squiggle-and-lens')
  step('a squiggle under the attribute, a lens above the policy')

  await page.keyboard.press('Control+Shift+m')
  const problem = page
    .locator('.markers-panel .monaco-list-row', { hasText: 'l7-allow-rule-dropped' })
    .first()
  await problem.waitFor()
  assert.equal(
    await problem.locator('a', { hasText: 'l7-allow-rule-dropped' }).count(),
    1,
    'The code of the problem is a link.',
  )
  assert.match(
    await page.locator('.markers-panel').innerText(),
    /disable-mode-is-permissive/,
    'A file that is not open is judged too.',
  )
  await shoot('2-problems')
  step('problems of all files, with a link to the rule')

  await problem.locator('a', { hasText: 'l7-allow-rule-dropped' }).click()
  await page.locator('.tab.active', { hasText: 'l7-allow-rule-dropped' }).waitFor()
  const pageText = page
    .frameLocator('iframe.webview.ready')
    .frameLocator('#active-frame')
    .locator('h1', { hasText: 'l7-allow-rule-dropped' })
  await pageText.waitFor()
  await shoot('3-rule-page')
  await page.keyboard.press('Control+w')
  step('the page of the rule, without a network')

  await page.keyboard.press('Control+j')
  await workbench.goTo(3, 8)
  const hover = await workbench.hover()
  await hover.locator('table').first().waitFor()
  assert.match(await hover.innerText(), /destination ztunnel/)
  await shoot('4-hover')
  await page.keyboard.press('Escape')
  step('the enforcement table as a hover')

  await workbench.goTo(18, 14)
  const titles = await (await workbench.quickFixes()).allInnerTexts()
  for (const title of [
    'Bind to waypoint via targetRefs',
    'Ignore l7-allow-rule-dropped here',
    'Explain l7-allow-rule-dropped',
  ])
    assert.ok(
      titles.some((text) => text.includes(title)),
      `${title} is offered: ${titles.join(', ')}`,
    )
  await shoot('5-quick-fixes')
  await page.keyboard.press('Escape')
  await workbench.applyFix('Bind to waypoint via targetRefs')
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' })
  await workbench.save()
  // The lens stands above the first line, which may have been scrolled away.
  await workbench.goTo(1, 1)
  await page
    .locator('.codelens-decoration', { hasText: /waypoint .* · sees client/ })
    .first()
    .waitFor()
  await shoot('6-bound')
  assert.match(
    read(viewer),
    /targetRefs:\n {4}- kind: Service\n {6}group: ""\n {6}name: productpage\n/,
  )
  assert.doesNotMatch(read(viewer), /selector/)
  step('bound to the waypoint, and saved')

  await workbench.openFile('peer-authentication.yaml')
  await page.locator('.squiggly-warning').first().waitFor()
  await workbench.goTo(11, 13)
  await workbench.applyFix('Remove DISABLE mode')
  await page.locator('.squiggly-warning').first().waitFor({ state: 'detached' })
  await workbench.save()
  await shoot('7-disable-removed')
  assert.doesNotMatch(read(peers), /DISABLE/)
  step('DISABLE removed, and saved')

  await page.locator('#status\\.languageStatus').click()
  await page.locator('.monaco-hover', { hasText: '9 objects, 6 files' }).first().waitFor()
  await shoot('8-status')
  step('what was read, in the language status')
}
