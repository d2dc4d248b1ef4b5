// Writing: whole objects from empty files by accepting completions, names of the workspace, and the settings file, which
// counts before it is saved.
import { strict as assert } from 'node:assert'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WRITTEN_OBJECTS } from '../writtenObjects.mjs'

export const fixture = 'test-fixtures/editor'

const viewer = 'policies/productpage-viewer.yaml'
const RULE = 'l7-allow-rule-dropped'

/** The number of the stop of the snippet that is the principal. */
const PRINCIPAL_STOP = 5

const HOSTS_FILE = 'hosts.yaml'
/** A Service whose name is before the name of the target, and a policy whose hosts are missing. */
const HOSTS_TEXT = `apiVersion: v1
kind: Service
metadata:
  name: catalog
  namespace: bookinfo
spec:
  selector:
    app: catalog
  ports:
    - port: 80
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: hosts
  namespace: bookinfo
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: productpage
  rules:
    - to:
        - operation:
            hosts:
              - `

export async function tour({ page, workbench, server, folder, shoot, step }) {
  for (const { file } of WRITTEN_OBJECTS) writeFileSync(join(folder, 'policies', file), '')
  writeFileSync(join(folder, 'policies/snippet.yaml'), '')
  writeFileSync(join(folder, HOSTS_FILE), HOSTS_TEXT)
  writeFileSync(join(folder, '.ambient-policy.yaml'), '')
  await workbench.open(server.url(folder, viewer))
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()

  for (const { name, file, steps, text } of WRITTEN_OBJECTS) {
    await workbench.openFile(file)
    for (const [index, line] of steps.split('\n').entries()) {
      const labels = line.trimStart()
      if (index > 0) await newLine(page, line.length - labels.length)
      for (const label of labels.split(' › ')) {
        if (label === 'targetRefs') {
          await workbench.completions.show(label)
          await workbench.lens('2 workloads').first().waitFor()
          await shoot('1-completion')
        }
        await workbench.completions.accept(label)
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
  await workbench.completions.accept('AuthorizationPolicy: allow at layer 4')
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

  await workbench.openFile(HOSTS_FILE)
  await workbench.goTo(HOSTS_TEXT.split('\n').length, HOSTS_TEXT.split('\n').at(-1).length + 1)
  const hosts = await workbench.completions.show('catalog')
  assert.deepEqual(hosts, [
    'productpage',
    'productpage.bookinfo',
    'productpage.bookinfo.svc.cluster.local',
    'catalog',
    'catalog.bookinfo',
    'catalog.bookinfo.svc.cluster.local',
  ])
  await shoot('3-hosts')
  await page.keyboard.press('Escape')
  rmSync(join(folder, HOSTS_FILE))
  step('the hosts of the target are first')

  const problem = workbench.problems.rows(RULE)
  await workbench.problems.show()
  await problem.first().waitFor()

  await workbench.openFile('.ambient-policy.yaml')
  await workbench.completions.accept('rules')
  await page.keyboard.type('l7-allow-r')
  await workbench.completions.accept(RULE)
  await workbench.completions.accept('off')
  await shoot('4-settings')
  await problem.waitFor({ state: 'detached' })
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
