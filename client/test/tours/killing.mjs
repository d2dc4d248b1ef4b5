// The server is killed: while it starts, while it reads, while a person types, and so often that it is not started any more. What is shown comes back, and nothing typed is lost.
import { strict as assert } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { workspaceFiles } from '../../../scripts/generate/workspace.mjs'

export const fixture = 'test-fixtures/editor'

const viewer = 'policies/productpage-viewer.yaml'
/** How often the client starts a server again by itself. */
const RESTARTS = 4

export async function tour({ page, workbench, server, folder, shoot, at, step }) {
  const read = () => readFileSync(join(folder, viewer), 'utf8')
  const saved = read()
  // Enough to be read for a while.
  for (const [name, text] of workspaceFiles({ files: 2_000, documents: 10_000, seed: 12 })) {
    mkdirSync(dirname(join(folder, 'more', name)), { recursive: true })
    writeFileSync(join(folder, 'more', name), text)
  }
  const { summary } = JSON.parse(
    execFileSync(
      process.execPath,
      [at('server/dist/cli.cjs'), 'check', folder, '--format', 'json', '--fail-on', 'never'],
      { encoding: 'utf8', maxBuffer: 1 << 30 },
    ),
  )
  const counts = `Errors: ${summary.error}, Warnings: ${summary.warning}, Infos: ${summary.information}`
  const allFound = () =>
    page.locator(`#status\\.problems[aria-label="${counts}"]`).waitFor({ timeout: 90_000 })
  const reading = page.locator('.statusbar-item', { hasText: 'Reading the mesh' }).first()
  const squiggle = (rule) =>
    page.locator('.markers-panel .monaco-list-row', { hasText: rule }).first()
  // Those of a page that was closed before may not have ended yet.
  const others = server.languageServers()
  const languageServers = () => server.languageServers().filter((pid) => !others.includes(pid))
  let killed
  const kill = () => {
    const running = languageServers()
    assert.equal(running.length, 1, 'One server runs.')
    killed = running[0]
    process.kill(killed, 'SIGKILL')
  }
  const nextServer = async () => {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const [pid, ...more] = languageServers()
      if (more.length === 0 && pid !== undefined && pid !== killed) return
      await sleep(20)
    }
    throw new Error('No server was started again.')
  }

  await workbench.open(server.url(folder, viewer))
  await reading.waitFor({ timeout: 60_000 })
  kill()
  await nextServer()
  await reading.waitFor()
  await allFound()
  await reading.waitFor({ state: 'detached' })
  step(`killed while it read: ${counts}, as on the command line`)

  await page.keyboard.press('Control+Shift+m')
  await page.locator('input[placeholder^="Filter (e.g. text"]').fill(`**/${viewer}`)
  await squiggle('l7-allow-rule-dropped').waitFor()
  await workbench.goTo(11, 16)
  for (let letter = 0; letter < 'ALLOW'.length; letter++) await page.keyboard.press('Backspace')
  await page.keyboard.type('DE', { delay: 40 })
  kill()
  await page.keyboard.type('NY', { delay: 40 })
  await nextServer()
  await squiggle('l7-deny-rule-no-effect').waitFor({ timeout: 90_000 })
  assert.match(await workbench.text(), /action: DENY/)
  assert.equal(
    await squiggle('l7-allow-rule-dropped').count(),
    0,
    'What is shown counts, not what is on disk.',
  )
  assert.equal(read(), saved, 'Nothing was saved.')
  await shoot('1-typed')
  step('killed while somebody typed: the finding of the unsaved text is there')

  for (let letter = 0; letter < 'DENY'.length; letter++) await page.keyboard.press('Backspace')
  await page.keyboard.type('ALLOW')
  await squiggle('l7-allow-rule-dropped').waitFor()
  await allFound()
  assert.equal(
    await page.locator('.notification-list-item').count(),
    0,
    'A person is not told of what was mended.',
  )
  step('the same findings as before, and nobody is bothered')

  const killAll = async (before) => {
    for (let kills = before; kills < RESTARTS; kills++) {
      kill()
      await nextServer()
    }
    kill()
    await page.locator('.notification-list-item', { hasText: 'is not started again' }).waitFor()
    assert.deepEqual(languageServers(), [])
  }
  const button = (text) =>
    page.locator('.notification-list-item .monaco-button', { hasText: text }).first()
  await killAll(2)
  await button('Show Output').waitFor()
  await shoot('2-too-often')
  await button('Restart Server').click()
  await nextServer()
  await allFound()
  await squiggle('l7-allow-rule-dropped').waitFor()
  step('killed too often: a person is asked, and Restart Server brings everything back')

  await killAll(0)
  await button('Show Output').click()
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.panel select')].some(
      ({ selectedOptions }) => selectedOptions[0]?.text === 'Istio Ambient Policy',
    ),
  )
  await page.locator('#status\\.languageStatus').click()
  await page.locator('.monaco-hover', { hasText: 'the server does not run' }).first().waitFor()
  await shoot('3-output')
  await page.keyboard.press('Escape')
  step('the status says that there is no server, and the output is there')

  await workbench.command('Istio Ambient Policy: Restart Server')
  await nextServer()
  await allFound()
  await workbench.goTo(18, 14)
  await workbench.applyFix('Bind to waypoint via targetRefs')
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' })
  await workbench.save()
  assert.equal(
    read(),
    saved.replace(
      '  selector:\n    matchLabels:\n      app: productpage\n',
      '  targetRefs:\n    - kind: Service\n      group: ""\n      name: productpage\n',
    ),
  )
  step('started by the command, a fix is saved byte for byte')
}
