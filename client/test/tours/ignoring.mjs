// Ignore comments: the reason that a user must write, completions, and no ignore comment for a syntax error.
import { strict as assert } from 'node:assert'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../until.mjs'

export const fixture = 'test-fixtures/editor'

const viewer = 'policies/productpage-viewer.yaml'

const BROKEN_FILE = 'policies/broken.yaml'
const BROKEN_TEXT = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: broken
  namespace: bookinfo
spec:
  action: "ALLOW
`

export async function tour({ page, workbench, server, folder, shoot, step }) {
  writeFileSync(join(folder, BROKEN_FILE), BROKEN_TEXT)
  await workbench.open(server.url(folder, viewer))
  await page.locator('.squiggly-error').first().waitFor()

  const undoAll = () =>
    until('the text is as before', async () => {
      await page.keyboard.press('Control+z')
      return (await page.locator('.tab.active.dirty').count()) === 0
    })
  const problem = (rule) => workbench.problems.rows(rule)
  await workbench.problems.show(`**/${viewer}`)
  await problem('l7-allow-rule-dropped').first().waitFor()
  await workbench.goTo(18, 14)
  await workbench.menus.applyFix('Ignore l7-allow-rule-dropped here')
  await workbench.waitForText(/# ambient-policy-ignore l7-allow-rule-dropped -- reason/)
  await problem('write the reason').first().waitFor()
  await problem('l7-allow-rule-dropped').first().waitFor()
  await shoot('1-reason')
  step('an ignore comment without its reason has no effect')

  // The word "reason" is selected.
  await page.keyboard.type('the next release has a waypoint')
  await page.keyboard.press('Escape')
  await workbench.waitForText(/-- the next release has a waypoint\n/)
  await until('no problem is left', async () => (await problem('Ln').count()) === 0)
  step('with a reason, the finding is ignored')

  await undoAll()
  await workbench.goTo(17, 1)
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('# amb')
  await workbench.completions.accept('ambient-policy-ignore')
  await workbench.completions.show('l7-allow-rule-dropped')
  await shoot('1-completion')
  await workbench.completions.accept('l7-allow-rule-dropped')
  await page.keyboard.type(' -- the next release has a waypoint')
  await until('no problem is left', async () => (await problem('Ln').count()) === 0)
  step('an ignore comment with completions: its word, and the rule that has a finding')

  await undoAll()
  await workbench.openFile('broken.yaml')
  await workbench.problems.show(`**/${BROKEN_FILE}`)
  await problem('yaml-syntax').first().waitFor()
  await workbench.goTo(BROKEN_TEXT.split('\n').length, 1)
  const fixes = await workbench.menus.openQuickFixes('Explain yaml-syntax')
  await shoot('2-syntax-error')
  const titles = await fixes.allInnerTexts()
  assert.deepEqual(
    titles.filter((title) => title.includes('Ignore')),
    [],
  )
  await workbench.menus.closeQuickFixes()
  step('a syntax error cannot be ignored')
}
