// The walkthrough: a sample mesh with four mistakes. Each step shows a mistake and applies its fix, until there is none.
import { strict as assert } from 'node:assert'
import { until } from '../until.mjs'

export const fixture = 'test-fixtures/editor'

const MISTAKES = [
  'l7-allow-rule-dropped',
  'waypoint-identity-denied',
  'disable-mode-is-permissive',
  'target-not-bound',
  'waypoint-bypass',
]
/** The steps that show a hover and evaluate a request. */
const COMMANDS = 2

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, 'namespace.yaml'))
  await workbench.command('Welcome: Open Walkthrough')
  await workbench.choose('Four classic mistakes in ambient mode')
  const steps = page.locator('.getting-started-step')
  await steps.first().waitFor()
  assert.equal(await steps.count(), MISTAKES.length + COMMANDS)
  for (const [index, rule] of MISTAKES.entries()) {
    const current = page.locator(`.getting-started-step[data-step-id$="#${rule}"]`)
    await until(
      `the step ${rule} is not expanded`,
      async () => {
        if ((await current.getAttribute('class')).includes('expanded')) return true
        await current.locator('.step-title').click()
        return false
      },
      { every: 1_000 },
    )
    await current.locator('.monaco-button', { hasText: 'Show the mistake' }).click()
    await page.locator('.tab', { hasText: 'Untitled' }).first().waitFor()
    await page.locator('.marker-widget', { hasText: rule }).first().waitFor()
    await shoot(`${index + 1}-mistake`)
    await current.locator('.monaco-button', { hasText: 'Apply the fix' }).click()
    await current.locator('.complete').first().waitFor()
    step(`${rule}: shown, fixed and completed`)
  }
  await page.keyboard.press('Control+Shift+m')
  await page.locator('.markers-panel').waitFor()
  await page
    .locator('.markers-panel .monaco-list-row', { hasText: 'Untitled' })
    .first()
    .waitFor({ state: 'detached' })
  step('no finding is left in the sample mesh')
  await shoot('5-fixed')
}
