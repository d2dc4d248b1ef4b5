// What a new user does first, each in at most three actions: find out why a request is denied and mend it, see who can reach
// a Service, compare with HEAD, and open the sample mesh.
import { strict as assert } from 'node:assert'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { actUntilShown, isClicked } from '../elements.mjs'
import { commitAll, GIT_SETTINGS } from '../repository.mjs'

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

  const reason = workbench.problems.rows(
    'All traffic through waypoint "shop/waypoint" to workload "cart" is denied',
  )
  await task('find out why shop/cart is denied', async () => {
    await workbench.problems.show()
    await reason.waitFor()
    await shoot('1-reason')
  })

  const fix = 'Enforce at the waypoint and allow only traffic from the waypoint'
  await task(
    'mend it',
    () => actUntilShown('it', () => isClicked(reason), workbench.statusBarItem('Ln 59')),
    // The list of problems asks for fixes once, and keeps an empty answer: the editor asks each time.
    () => workbench.menus.openQuickFixes(fix),
    async () => {
      await workbench.menus.applyFix(fix)
      await reason.waitFor({ state: 'detached' })
    },
  )
  await workbench.problems.hide()

  await task(
    'see who can reach payments/api',
    () => workbench.symbol('Service api'),
    async () => {
      await workbench.followLensAboveCursor(
        'Who can reach this?',
        panel.locator('h1', { hasText: 'Who can reach Service payments/api' }),
      )
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

  const openWalkthrough = () => workbench.command('Welcome: Open Walkthrough')
  await task(
    'open the sample mesh',
    openWalkthrough,
    () =>
      workbench.quickInput.answer(openWalkthrough, [
        'Select a walkthrough',
        'Four classic mistakes in ambient mode',
      ]),
    () =>
      actUntilShown(
        'the sample mesh',
        () => isClicked(page.locator('.monaco-button', { hasText: 'Show the mistake' }).first()),
        page.locator('.tab', { hasText: 'Untitled' }),
      ),
  )
  await shoot('4-sample')
}
