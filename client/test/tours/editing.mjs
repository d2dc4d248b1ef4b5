// Editing: squiggles, code lenses, the Problems panel, the page of a rule, hovers, fixes and the language status.
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { actUntilHidden, actUntilShown, isClicked } from '../elements.mjs'

const viewer = 'policies/productpage-viewer.yaml'
const peers = 'policies/peer-authentication.yaml'

export const fixture = 'test-fixtures/editor'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  const read = (file) => readFileSync(join(folder, file), 'utf8')
  const problem = (rule) => workbench.problems.rows(rule).first()
  await workbench.open(server.url(folder, viewer))
  await page.locator('.squiggly-error').first().waitFor()
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()
  await shoot('1-squiggle-and-lens')
  step('a squiggle under the attribute, a code lens above the policy')

  await workbench.problems.show()
  const link = problem('l7-allow-rule-dropped').locator('a', { hasText: 'l7-allow-rule-dropped' })
  await link.waitFor()
  // The policy of this problem is in a file that is not open.
  await problem('disable-mode-is-permissive').waitFor()
  await shoot('2-problems')
  step('the problems of all files, with a link to the rule')

  await actUntilShown(
    'the page of the rule',
    () => isClicked(link),
    workbench.tab('l7-allow-rule-dropped'),
  )
  await workbench.rulePage().locator('h1', { hasText: 'l7-allow-rule-dropped' }).waitFor()
  await shoot('3-rule-page')
  await workbench.closeTab('l7-allow-rule-dropped')
  step('the page of the rule, without a network')

  await workbench.problems.hide()
  await workbench.goTo(3, 8)
  const hover = await workbench.hover()
  await hover.locator('table', { hasText: 'destination ztunnel' }).first().waitFor()
  await shoot('4-hover')
  await workbench.closeHover()
  step('the enforcement table as a hover')

  await workbench.goTo(15, 30)
  const named = await workbench.hover()
  await named.locator('strong', { hasText: 'ServiceAccount bookinfo/curl' }).first().waitFor()
  await named.locator('a', { hasText: 'Go to' }).first().waitFor()
  await shoot('4-hover-on-value')
  await workbench.closeHover()
  step('a hover on a value shows the object that it names')

  await workbench.goTo(11, 4)
  const field = await workbench.hover()
  await field.locator('strong', { hasText: 'action' }).first().waitFor()
  await shoot('4-hover-on-field')
  await workbench.closeHover()
  step('a hover on a field')

  await page
    .locator('.view-line', { hasText: /-\sfrom:\s*dropped\sby\sztunnel\s*$/ })
    .first()
    .waitFor()
  step('a hint at the end of the line of a rule')

  const peek = page.locator('.peekview-widget', { hasText: 'productpage.yaml' })
  await workbench.followLens('ztunnel · sees', peek)
  await shoot('4-peek')
  await actUntilHidden('the peek view', () => page.keyboard.press('Escape'), peek)
  step('the workload of a policy, from the link in its lens')

  await workbench.goTo(18, 14)
  await workbench.menus.openQuickFixes(
    'Enforce at the waypoint with targetRefs: clients that bypass it are then allowed',
    'Ignore l7-allow-rule-dropped here',
    'Explain l7-allow-rule-dropped',
  )
  await shoot('5-quick-fixes')
  await workbench.menus.closeQuickFixes()
  await workbench.menus.applyFix(
    'Enforce at the waypoint with targetRefs: clients that bypass it are then allowed',
  )
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' })
  await workbench.save()
  // The first line can be scrolled out of view.
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
  step('a policy bound to the waypoint, and saved')

  await workbench.openFile('peer-authentication.yaml')
  await page.locator('.squiggly-warning').first().waitFor()
  await workbench.goTo(11, 13)
  await workbench.menus.applyFix('Remove DISABLE mode')
  await page.locator('.squiggly-warning').first().waitFor({ state: 'detached' })
  await workbench.save()
  await shoot('7-disable-removed')
  assert.doesNotMatch(read(peers), /DISABLE/)
  step('DISABLE removed, and saved')

  await workbench.languageStatus('9 objects, 6 files')
  await shoot('8-status')
  step('the number of objects and files in the language status')
}
