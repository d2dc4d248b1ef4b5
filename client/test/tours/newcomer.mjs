// What a new user does first, each in at most three actions: find out why a request is denied and mend it, see who can reach
// a Service, compare with HEAD, and open the sample mesh.
import { strict as assert } from 'node:assert'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { isClicked, isShown } from '../elements.mjs'
import { commitAll, GIT_SETTINGS } from '../repository.mjs'
import { until } from '../until.mjs'

export const fixture = undefined
export const settings = GIT_SETTINGS

const MAX_ACTIONS = 3

export async function tour({ page, workbench, server, folder, at, shoot, step }) {
  copyFileSync(at('client/media/walkthrough/sample-mesh.yaml'), join(folder, 'mesh.yaml'))
  commitAll(folder)
  const task = async (what, ...actions) => {
    assert.ok(actions.length <= MAX_ACTIONS, `${what}: at most ${MAX_ACTIONS} actions`)
    for (const act of actions) await act()
    step(`${what}: ${actions.length} actions`)
  }
  const panel = workbench.panel()
  await workbench.open(server.url(folder, 'mesh.yaml'))
  await page.locator('.codelens-decoration', { hasText: 'Evaluate request' }).first().waitFor()
  step('installed: the first file shows its lenses without any setting')

  const reason = page.locator('.markers-panel .monaco-list-row', {
    hasText: 'All traffic through waypoint "shop/waypoint" to workload "cart" is denied',
  })
  await task('find out why shop/cart is denied', async () => {
    await page.keyboard.press('Control+Shift+m')
    await reason.waitFor()
    await shoot('1-reason')
  })

  await task(
    'mend it',
    async () => {
      await reason.click()
      await workbench.statusBarItem('Ln 59').waitFor()
    },
    () => clickLightBulb(page, reason),
    async () => {
      await workbench.chooseFromMenu(
        'Enforce at the waypoint and allow only traffic from the waypoint',
      )
      await reason.waitFor({ state: 'detached' })
    },
  )
  await page.keyboard.press('Control+j')
  await page.locator('.markers-panel').waitFor({ state: 'hidden' })

  await task(
    'see who can reach payments/api',
    () => workbench.symbol('Service api'),
    async () => {
      await workbench.clickLens('Who can reach this?')
      await panel.locator('h1', { hasText: 'Who can reach Service payments/api' }).waitFor()
      await panel.locator('td.verdict.allow').first().waitFor()
    },
  )
  await shoot('2-who-can-reach')

  await task('compare with HEAD', async () => {
    await workbench.ownCommand('Compare Access with HEAD')
    await panel.locator('h1', { hasText: 'Access compared with HEAD' }).waitFor()
    await panel.locator('tbody tr', { hasText: 'Service shop/cart' }).first().waitFor()
  })
  await shoot('3-compared')

  await task(
    'open the sample mesh',
    () => workbench.command('Welcome: Open Walkthrough'),
    () => workbench.choose('Four classic mistakes in ambient mode', 'Select a walkthrough'),
    async () => {
      await page.locator('.monaco-button', { hasText: 'Show the mistake' }).first().click()
      await page.locator('.tab', { hasText: 'Untitled' }).first().waitFor()
    },
  )
  await shoot('4-sample')
}

/** Clicks the light bulb of a problem. The editor asks for fixes once, when the problem gets the focus. */
async function clickLightBulb(page, problem) {
  const bulb = problem.locator('.codicon-light-bulb:not(.disabled)')
  await until('a light bulb', async () => {
    if (await isShown(bulb)) return isClicked(bulb)
    await page.keyboard.press('ArrowUp')
    await problem.click()
    return false
  })
}
