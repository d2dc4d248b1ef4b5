// A repository without Istio: the extension shows nothing.
import { strict as assert } from 'node:assert'
import { rmSync, writeFileSync } from 'node:fs'
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

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            namespaces: ["shop"]
`

export async function tour({ page, workbench, server, folder, shoot, step }) {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
  await workbench.open(server.url(folder, 'deployment.yaml'))
  await workbench.languageStatus('0 objects, 3 files')
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

  const view = page.locator('.activitybar .action-label[aria-label^="Istio Mesh"]')
  writeFileSync(join(folder, 'policy.yaml'), POLICY)
  await view.waitFor()
  await page.locator('.codelens-decoration a').first().waitFor()
  rmSync(join(folder, 'policy.yaml'))
  await view.waitFor({ state: 'detached' })
  await page.locator('.codelens-decoration a').first().waitFor({ state: 'detached' })
  step('views and lenses come with the first policy, and go with the last one')
}
