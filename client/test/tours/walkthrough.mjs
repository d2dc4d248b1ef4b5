// The walkthrough: a sample mesh with four mistakes. Each step shows a mistake and applies its fix, until there is none.
import { strict as assert } from 'node:assert'
import { until } from '../until.mjs'

export const fixture = 'test-fixtures/editor'

export const viewport = { width: 1400, height: 900 }
const NARROW = { width: 900, height: 700 }

const MISTAKES = [
  'l7-allow-rule-dropped',
  'waypoint-identity-denied',
  'disable-mode-is-permissive',
  'target-not-bound',
  'waypoint-bypass',
]
/** The steps that show a hover, evaluate a request and show the access matrix. */
const COMMANDS = 3

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await page.setViewportSize(NARROW)
  await workbench.open(server.url(folder, 'namespace.yaml'))
  await workbench.command('Welcome: Open Walkthrough')
  await workbench.choose('Four classic mistakes in ambient mode', 'Select a walkthrough')
  const steps = page.locator('.getting-started-step')
  await steps.first().waitFor()
  assert.equal(await steps.count(), MISTAKES.length + COMMANDS)
  const expand = async (id) => {
    const found = page.locator(`.getting-started-step[data-step-id$="#${id}"]`)
    await until(
      `the step ${id} is not expanded`,
      async () => {
        if ((await found.getAttribute('class')).includes('expanded')) return true
        await found.locator('.step-title').click()
        return false
      },
      { every: 1_000 },
    )
    return found
  }
  for (const [index, rule] of MISTAKES.entries()) {
    const current = await expand(rule)
    await current.locator('.monaco-button', { hasText: 'Show the mistake' }).click()
    await page.locator('.tab', { hasText: 'Untitled' }).first().waitFor()
    await page.locator('.marker-widget', { hasText: rule }).first().waitFor()
    await shoot(`${index + 1}-mistake`)
    await current.locator('.monaco-button', { hasText: 'Apply the fix' }).click()
    await current.locator('.complete').first().waitFor()
    step(`${rule}: shown, fixed and completed${index === 0 ? ' in a narrow window' : ''}`)
    await page.setViewportSize(viewport)
  }
  await page.keyboard.press('Control+Shift+m')
  await page.locator('.markers-panel').waitFor()
  await page
    .locator('.markers-panel .monaco-list-row', { hasText: 'Untitled' })
    .first()
    .waitFor({ state: 'detached' })
  step('no finding is left in the sample mesh')
  await shoot('5-fixed')
  await page.keyboard.press('Control+j')

  const hover = await expand('hover')
  await hover.locator('.monaco-button', { hasText: 'Show the hover of a policy' }).click()
  await page
    .locator('.monaco-hover:not(.hidden)', { hasText: 'AuthorizationPolicy' })
    .first()
    .waitFor()
  await hover.locator('.complete').first().waitFor()
  await page.keyboard.press('Escape')
  await page
    .locator('.monaco-hover:not(.hidden)', { hasText: 'AuthorizationPolicy' })
    .waitFor({ state: 'detached' })
  step('the hover of a policy of the sample mesh')

  const evaluate = await expand('evaluate')
  await evaluate.locator('.monaco-button', { hasText: 'Evaluate a request' }).click()
  await workbench.choose('shop/web', 'Source')
  await workbench.choose('shop/cart', 'Destination')
  await workbench.choose('Evaluate', 'Request')
  await workbench.panel().locator('p.verdict.allow').waitFor()
  step('a request in the sample mesh is allowed after the fixes')

  const matrix = await expand('matrix')
  await matrix.locator('.monaco-button', { hasText: 'Show the access matrix' }).click()
  await workbench.panel().locator('h1', { hasText: 'Access to namespace shop' }).waitFor()
  await workbench.panel().locator('.matrix td').first().waitFor()
  await shoot('6-matrix')
  step('the access matrix of the sample mesh')
}
