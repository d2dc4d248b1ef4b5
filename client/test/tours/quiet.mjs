// A repository without Istio: the extension shows nothing.
import { strict as assert } from 'node:assert'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const fixture = undefined

const FILES = {
  'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      containers:
        - name: api
          image: api.example/api:1
          ports:
            - containerPort: 8080
`,
  'service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector:
    app: api
  ports:
    - port: 80
      targetPort: 8080
`,
  'workflow.yaml': `name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
`,
}

export async function tour({ page, workbench, server, folder, shoot, step }) {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
  await workbench.open(server.url(folder, 'deployment.yaml'))
  await page.locator('#status\\.languageStatus').click()
  await page.locator('.monaco-hover', { hasText: '0 objects, 3 files' }).first().waitFor()
  await page.keyboard.press('Escape')
  await page
    .locator('.statusbar-item', { hasText: 'Reading the mesh' })
    .waitFor({ state: 'detached' })
  await workbench.untilStill()
  for (const what of [
    '.codelens-decoration a',
    '.squiggly-error, .squiggly-warning, .squiggly-info, .squiggly-hint',
    '.activitybar .action-label[aria-label^="Istio Mesh"]',
    '.notification-list-item',
    '.editor-actions .action-label[aria-label*="Evaluate"]',
  ])
    assert.equal(await page.locator(what).count(), 0, `${what} is not shown.`)
  await shoot('1-nothing')
  step('no finding, lens, view, button or notification')
}
