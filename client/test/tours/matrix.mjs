// The access matrix of a large mesh: 200 groups of clients and 200 destinations, with the keyboard only. It prints how long
// the matrix takes to open (goal: two seconds on a quiet machine).
import { strict as assert } from 'node:assert'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { checkAccessibility } from '../accessibility.mjs'
import { cpuMillisecondsBelow } from '../processes.mjs'
import { until } from '../until.mjs'

export const fixture = undefined

const NAMESPACES = 5
const SERVICES = 20

export async function tour({ page, workbench, server, folder, shoot, step }) {
  for (let index = 0; index < NAMESPACES; index++)
    writeFileSync(join(folder, `n${index}.yaml`), namespaceText(index))
  await workbench.open(server.url(folder, 'n0.yaml'))
  await page.locator('.codelens-decoration').first().waitFor()
  const panel = workbench.panel()
  const rows = panel.locator('.matrix tbody tr:not(.group)')
  const clients = 2 * NAMESPACES * SERVICES
  const columns = 2 * NAMESPACES * SERVICES
  await workbench.quickInput.ask(() => workbench.ownCommand('Show Access Matrix'), 'Namespace')
  await workbench.quickInput.typeChoice('All namespaces')
  const cpuBefore = cpuMillisecondsBelow(process.pid)
  const began = performance.now()
  await page.keyboard.press('Enter')
  await panel.locator('h1', { hasText: 'Access to all namespaces' }).waitFor()
  // The cells of a row appear with it.
  await until('all rows', async () => (await rows.count()) >= clients, { every: 20 })
  const passed = Math.round(performance.now() - began)
  const cpu = cpuMillisecondsBelow(process.pid) - cpuBefore
  step(`${await rows.count()} × ${columns} cells after ${passed} ms, with ${cpu} ms of CPU`)
  await shoot('1-large')

  await checkHeadersStay(panel)
  await shoot('2-end')
  step('the headers stay in view at the end of a large matrix')

  const headers = panel.locator('.matrix thead .groups th[scope="colgroup"]')
  assert.deepEqual(
    await headers.allInnerTexts(),
    Array.from({ length: NAMESPACES }, (_, index) => `n${index}`),
  )
  await panel.locator('.matrix .group th', { hasText: 'n1' }).first().waitFor()
  step('rows and columns in groups by namespace')

  const search = panel.locator('input[type="search"]')
  await search.focus()
  await page.keyboard.type('n1/s2 port')
  await until(
    'the columns of one namespace',
    async () => (await headers.filter({ visible: true }).count()) === 1,
  )
  await panel.locator('.matrix td[tabindex="0"]').focus()
  await shoot('3-filtered')
  await search.fill('')
  await panel.locator('.matrix td[tabindex="0"]').focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await panel.locator('#detail h2', { hasText: ' to ' }).waitFor()
  await panel.locator('#detail button.link', { hasText: 'Evaluate one' }).first().focus()
  await checkAccessibility(page, 'The large matrix')
  await page.keyboard.press('Enter')
  await panel.locator('p.verdict').waitFor()
  step('search, cells, the requests of a cell and one of them evaluated, with the keyboard')
}

/** Fails if the header of the last row or of the last column is out of view, when the last cell is in view. */
async function checkHeadersStay(panel) {
  await panel.locator('.matrix tbody tr:last-child td:last-child').scrollIntoViewIfNeeded()
  const grid = await panel.locator('.grid-scroll').boundingBox()
  for (const header of [
    'tbody tr:last-child th',
    'tbody .group th span',
    'thead .groups th:last-child span',
    'thead .grouped th:last-child',
    'thead .corner',
  ]) {
    const box = await panel.locator(`.matrix ${header}`).last().boundingBox()
    assert.ok(
      box.x >= grid.x &&
        box.x < grid.x + grid.width &&
        box.y >= grid.y &&
        box.y < grid.y + grid.height,
      `${header} is in view.`,
    )
  }
}

/** Each client of this namespace has other rights. */
function namespaceText(index) {
  const name = `n${index}`
  const documents = [
    `apiVersion: v1
kind: Namespace
metadata: {name: ${name}, labels: {istio.io/dataplane-mode: ambient}}
`,
  ]
  for (let service = 0; service < SERVICES; service++) {
    const app = `s${service}`
    const jobs = `n${(index + 1) % NAMESPACES}/job-`
    const clients = [`${name}/${app}`, `${jobs}${app}`, `${jobs}s${(service + 1) % SERVICES}`]
    documents.push(
      `apiVersion: v1
kind: ServiceAccount
metadata: {name: ${app}, namespace: ${name}}
`,
      `apiVersion: v1
kind: ServiceAccount
metadata: {name: job-${app}, namespace: ${name}}
`,
      `apiVersion: v1
kind: Service
metadata: {name: ${app}, namespace: ${name}}
spec: {selector: {app: ${app}}, ports: [{port: 80, targetPort: 8080}]}
`,
      `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${app}, namespace: ${name}}
spec:
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}}}
    spec: {serviceAccountName: ${app}, containers: [{name: a, image: a.example/a:1, ports: [{containerPort: 8080}]}]}
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${app}, namespace: ${name}}
spec:
  selector: {matchLabels: {app: ${app}}}
  rules:
    - from: [{source: {serviceAccounts: [${clients.map((client) => JSON.stringify(client)).join(', ')}]}}]
`,
    )
  }
  return documents.join('---\n')
}
