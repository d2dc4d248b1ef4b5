// Writing: whole objects from empty files by accepting completions, an ignore comment with its reason, and the settings
// file, which counts before it is saved.
import { strict as assert } from 'node:assert'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../until.mjs'
import { WRITTEN_OBJECTS } from '../writtenObjects.mjs'

export const fixture = 'test-fixtures/editor'

const viewer = 'policies/productpage-viewer.yaml'

/** The number of the stop of the snippet that is the principal. */
const PRINCIPAL_STOP = 5

export async function tour({ page, workbench, server, folder, shoot, step }) {
  for (const { file } of WRITTEN_OBJECTS) writeFileSync(join(folder, 'policies', file), '')
  writeFileSync(join(folder, 'policies/snippet.yaml'), '')
  writeFileSync(join(folder, '.ambient-policy.yaml'), '')
  await workbench.open(server.url(folder, viewer))
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()

  for (const { name, file, steps, text } of WRITTEN_OBJECTS) {
    await workbench.openFile(file)
    for (const [index, line] of steps.split('\n').entries()) {
      const labels = line.trimStart()
      if (index > 0) await newLine(page, line.length - labels.length)
      for (const label of labels.split(' › ')) {
        await workbench.complete(label)
        if (label === 'targetRefs') await shoot('1-completion')
      }
    }
    await page.keyboard.press('Escape')
    // The text on the screen also has hints.
    await workbench.save()
    assert.equal(readFileSync(join(folder, 'policies', file), 'utf8').trimEnd(), text)
    // The names in the other steps are those of the fixture.
    rmSync(join(folder, 'policies', file))
    step(`the whole of ${name}, with completions alone`)
  }

  await workbench.openFile('snippet.yaml')
  await workbench.complete('AuthorizationPolicy: allow at layer 4')
  await workbench.waitForText(/namespace: bookinfo\n[\s\S]*app: curl\n/)
  for (let stop = 1; stop < PRINCIPAL_STOP; stop++) await page.keyboard.press('Tab')
  const choice = page.locator('.suggest-widget.visible .label-name', {
    hasText: 'cluster.local/ns/bookinfo/sa/waypoint',
  })
  await choice.first().waitFor()
  await shoot('2-snippet')
  await choice.first().click()
  await workbench.waitForText(/principals:\s+- cluster\.local\/ns\/bookinfo\/sa\/waypoint/)
  await workbench.save()
  rmSync(join(folder, 'policies/snippet.yaml'))
  step('a policy as a snippet with the names of the workspace, and a choice of them')

  await workbench.openFile('productpage-viewer.yaml')
  const undoAll = () =>
    until('the text is as before', async () => {
      await page.keyboard.press('Control+z')
      return (await page.locator('.tab.active.dirty').count()) === 0
    })
  const problem = (rule) => page.locator('.markers-panel .monaco-list-row', { hasText: rule })
  await page.keyboard.press('Control+Shift+m')
  await page.locator('input[placeholder^="Filter (e.g. text"]').fill(`**/${viewer}`)
  await problem('l7-allow-rule-dropped').first().waitFor()
  await workbench.goTo(18, 14)
  await workbench.applyFix('Ignore l7-allow-rule-dropped here')
  await workbench.waitForText(/# ambient-policy-ignore l7-allow-rule-dropped -- reason/)
  await problem('write the reason').first().waitFor()
  await problem('l7-allow-rule-dropped').first().waitFor()
  await shoot('3-ignore')
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
  await workbench.complete('ambient-policy-ignore')
  await workbench.complete('l7-allow-rule-dropped')
  await page.keyboard.type(' -- the next release has a waypoint')
  await until('no problem is left', async () => (await problem('Ln').count()) === 0)
  step('an ignore comment with completions: its word, and the rule that has a finding')

  await undoAll()
  await problem('l7-allow-rule-dropped').first().waitFor()

  await workbench.openFile('.ambient-policy.yaml')
  await workbench.complete('rules')
  await page.keyboard.type('l7-allow-r')
  await workbench.complete('l7-allow-rule-dropped')
  await workbench.complete('off')
  await shoot('4-settings')
  await problem('l7-allow-rule-dropped').waitFor({ state: 'detached' })
  step('completions in the settings file, which counts before it is saved')
}

/** Starts a line with an indentation of its own. */
async function newLine(page, indent) {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+Home')
  await page.keyboard.press('Delete')
  if (indent > 0) await page.keyboard.type(' '.repeat(indent))
}
