// The walkthrough: a sample mesh with four mistakes; each step shows one and ends with the fix applied.
import { strict as assert } from 'node:assert'

export const fixture = 'test-fixtures/editor'

const MISTAKES = [
  'l7-allow-rule-dropped',
  'waypoint-identity-denied',
  'disable-mode-is-permissive',
  'target-not-bound',
]

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, 'namespace.yaml'))
  await workbench.command('Welcome: Open Walkthrough')
  await workbench.choose('Four classic mistakes of ambient mode')
  const steps = page.locator('.getting-started-step')
  await steps.first().waitFor()
  assert.equal(await steps.count(), MISTAKES.length)
  for (const [index, rule] of MISTAKES.entries()) {
    const open = page.locator(`.getting-started-step[data-step-id$="#${rule}"]`)
    if (!(await open.getAttribute('class')).includes('expanded'))
      await open.locator('.step-title').click()
    await open.locator('.monaco-button', { hasText: 'Show the mistake' }).click()
    await page.locator('.tab', { hasText: 'Untitled' }).first().waitFor()
    await page.locator('.marker-widget', { hasText: rule }).first().waitFor({ timeout: 30_000 })
    await shoot(`${index + 1}-mistake`)
    await open.locator('.monaco-button', { hasText: 'Apply the fix' }).click()
    await page
      .locator(
        `.getting-started-step[data-step-id$="#${rule}"] .codicon-getting-started-step-checked.complete, .getting-started-step[data-step-id$="#${rule}"] .complete`,
      )
      .first()
      .waitFor({ timeout: 30_000 })
    step(`${rule} is shown, fixed and ticked off`)
  }
  await page.keyboard.press('Control+Shift+m')
  await page.locator('.markers-panel').waitFor()
  await shoot('5-fixed')
}
