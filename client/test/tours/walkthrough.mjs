// The walkthrough: a sample mesh with four mistakes. Each step shows a mistake and applies its fix, until there is none.
import { strict as assert } from 'node:assert'
import { actUntilHidden, actUntilShown, isClicked } from '../elements.mjs'
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
  await workbench.quickInput.answer(
    () => workbench.command('Welcome: Open Walkthrough'),
    ['Select a walkthrough', 'Four classic mistakes in ambient mode'],
  )
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
  /** Clicks the button of a step until `result` is visible. */
  const press = (part, text, result) =>
    actUntilShown(text, () => isClicked(part.locator('.monaco-button', { hasText: text })), result)
  for (const [index, rule] of MISTAKES.entries()) {
    const current = await expand(rule)
    await press(current, 'Show the mistake', page.locator('.marker-widget', { hasText: rule }))
    await page.locator('.tab', { hasText: 'Untitled' }).first().waitFor()
    await shoot(`${index + 1}-mistake`)
    await press(current, 'Apply the fix', current.locator('.complete'))
    step(`${rule}: shown, fixed and completed${index === 0 ? ' in a narrow window' : ''}`)
    await page.setViewportSize(viewport)
  }
  await workbench.problems.show()
  await workbench.problems.rows('Untitled').first().waitFor({ state: 'detached' })
  step('no finding is left in the sample mesh')
  await shoot('5-fixed')
  await workbench.problems.hide()

  const hover = await expand('hover')
  const shown = page.locator('.monaco-hover:not(.hidden)', { hasText: 'AuthorizationPolicy' })
  await press(hover, 'Show the hover of a policy', shown)
  await hover.locator('.complete').first().waitFor()
  await actUntilHidden('the hover', () => page.keyboard.press('Escape'), shown)
  step('the hover of a policy of the sample mesh')

  const evaluate = await expand('evaluate')
  await workbench.quickInput.answer(
    () => isClicked(evaluate.locator('.monaco-button', { hasText: 'Evaluate a request' })),
    ['Source', 'shop/web'],
    ['Destination', 'shop/cart'],
    ['Request', 'Evaluate'],
  )
  await workbench.panel().locator('p.verdict.allow').waitFor()
  step('a request in the sample mesh is allowed after the fixes')

  const matrix = await expand('matrix')
  const title = workbench.panel().locator('h1', { hasText: 'Access to namespace shop' })
  await press(matrix, 'Show the access matrix', title)
  await workbench.panel().locator('.matrix td').first().waitFor()
  await shoot('6-matrix')
  step('the access matrix of the sample mesh')
}
