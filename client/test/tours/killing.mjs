// Kills the server while it reads files, while the user types, and so often that it is not restarted. The findings come
// back, and typed text is not lost.
import { strict as assert } from 'node:assert'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { workspaceFiles } from '../../../scripts/generate/workspace.mjs'
import { problemCounts } from '../problemCounts.mjs'
import { until } from '../until.mjs'
import { PRODUCT_NAME } from '../workbench.mjs'

export const fixture = 'test-fixtures/editor'

const viewer = 'policies/productpage-viewer.yaml'
/** Maximum number of automatic restarts within three minutes. */
const RESTARTS = 4

export async function tour({ page, workbench, server, folder, shoot, at, step }) {
  const read = () => readFileSync(join(folder, viewer), 'utf8')
  const saved = read()
  // Reading these files takes long enough to kill the server meanwhile.
  for (const [name, text] of workspaceFiles({ files: 2_000, documents: 10_000, seed: 12 })) {
    mkdirSync(dirname(join(folder, 'more', name)), { recursive: true })
    writeFileSync(join(folder, 'more', name), text)
  }
  const counts = problemCounts({ program: at('server/dist/cli.cjs'), folder })
  const allFound = () => page.locator(`#status\\.problems[aria-label="${counts}"]`).waitFor()
  const reading = page.locator('.statusbar-item', { hasText: 'Reading the mesh' }).first()
  const problem = (rule) => workbench.problems.rows(rule).first()
  // Servers of the pages before may still be running.
  const others = server.languageServers()
  const languageServers = () => server.languageServers().filter((pid) => !others.includes(pid))
  let killed
  const kill = () => {
    const running = languageServers()
    assert.equal(running.length, 1, 'One server is running.')
    killed = running[0]
    process.kill(killed, 'SIGKILL')
  }
  const isRestarted = () => {
    const [pid, ...more] = languageServers()
    return more.length === 0 && pid !== undefined && pid !== killed
  }
  const restarted = () => until('the server was not restarted', isRestarted)

  await workbench.open(server.url(folder, viewer))
  await reading.waitFor()
  kill()
  await restarted()
  await allFound()
  await reading.waitFor({ state: 'detached' })
  step(`killed while it read files: ${counts}, the same as on the command line`)

  await workbench.problems.show(`**/${viewer}`)
  await problem('l7-allow-rule-dropped').waitFor()
  await workbench.goTo(11, 16)
  for (let letter = 0; letter < 'ALLOW'.length; letter++) await page.keyboard.press('Backspace')
  await page.keyboard.type('DE', { delay: 40 })
  kill()
  await page.keyboard.type('NY', { delay: 40 })
  await restarted()
  await problem('l7-deny-rule-no-effect').waitFor()
  assert.match(await workbench.text(), /action: DENY/)
  // The text of the editor counts, not the file on disk.
  await problem('l7-allow-rule-dropped').waitFor({ state: 'detached' })
  assert.equal(read(), saved, 'The file on disk is unchanged.')
  await shoot('1-typed')
  step('killed while the user typed: the finding of the unsaved text')

  for (let letter = 0; letter < 'DENY'.length; letter++) await page.keyboard.press('Backspace')
  await page.keyboard.type('ALLOW')
  await problem('l7-allow-rule-dropped').waitFor()
  await allFound()
  assert.equal(
    await page.locator('.notification-list-item').count(),
    0,
    'An automatic restart shows no notification.',
  )
  step('the same findings as before, without a notification')

  const crashNotification = page.locator('.notification-list-item', {
    hasText: 'was not restarted',
  })
  const killUntilNotRestarted = async () => {
    for (let kills = 0; (await crashNotification.count()) === 0; kills++) {
      assert.ok(kills <= RESTARTS, `The server is restarted ${RESTARTS} times.`)
      kill()
      await until(
        'neither a restart nor a notification',
        async () => isRestarted() || (await crashNotification.count()) > 0,
      )
    }
    assert.deepEqual(languageServers(), [])
  }
  const button = (text) =>
    page.locator('.notification-list-item .monaco-button', { hasText: text }).first()
  await killUntilNotRestarted()
  await button('Show Output').waitFor()
  await shoot('2-too-often')
  await button('Restart Server').click()
  await restarted()
  await allFound()
  await problem('l7-allow-rule-dropped').waitFor()
  step('killed too often: the button Restart Server brings all findings back')

  await killUntilNotRestarted()
  await button('Show Output').click()
  await page.waitForFunction(
    (name) =>
      [...document.querySelectorAll('.panel select')].some(
        ({ selectedOptions }) => selectedOptions[0]?.text === name,
      ),
    PRODUCT_NAME,
  )
  await workbench.languageStatus('the language server is not running')
  await shoot('3-output')
  await page.keyboard.press('Escape')
  step('the language status without a server, and the output')

  await workbench.ownCommand('Restart Server')
  await restarted()
  await allFound()
  await workbench.goTo(18, 14)
  await workbench.menus.applyFix(
    'Enforce at the waypoint with targetRefs: clients that bypass it are then allowed',
  )
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' })
  await workbench.save()
  assert.equal(
    read(),
    saved.replace(
      '  selector:\n    matchLabels:\n      app: productpage\n',
      '  targetRefs:\n    - kind: Service\n      group: ""\n      name: productpage\n',
    ),
  )
  step('restarted with the command: a fix is saved byte for byte')
}
