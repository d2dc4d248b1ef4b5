// Writing: a whole policy from an empty file by accepting completions, an ignore comment with its reason, and the settings
// file, which counts before it is saved.
import { strict as assert } from 'node:assert'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../until.mjs'

export const fixture = 'test-fixtures/editor'

const viewer = 'policies/productpage-viewer.yaml'

/** The completions to accept; a number starts a line with this indentation. */
const STEPS = [
  'apiVersion',
  'security.istio.io/v1',
  0,
  'kind',
  'AuthorizationPolicy',
  0,
  'metadata',
  'namespace',
  'bookinfo',
  2,
  'name',
  'allow-to-productpage',
  0,
  'spec',
  'targetRefs',
  'kind',
  'Service',
  4,
  'group',
  '""',
  4,
  'name',
  'productpage',
  2,
  'action',
  'ALLOW',
  2,
  'rules',
  'from',
  'source',
  'serviceAccounts',
  'curl',
]
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  namespace: bookinfo
  name: allow-to-productpage
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: productpage
  action: ALLOW
  rules:
  - from:
    - source:
        serviceAccounts:
        - curl`

export async function tour({ page, workbench, server, folder, shoot, step }) {
  writeFileSync(join(folder, 'policies/new.yaml'), '')
  writeFileSync(join(folder, '.ambient-policy.yaml'), '')
  await workbench.open(server.url(folder, viewer))
  await page.locator('.codelens-decoration', { hasText: 'ztunnel' }).first().waitFor()

  await workbench.openFile('new.yaml')
  for (const label of STEPS) {
    if (typeof label === 'number') await newLine(page, label)
    else await workbench.complete(label)
    if (label === 'targetRefs') await shoot('1-completion')
  }
  await page.keyboard.press('Escape')
  // The text on the screen also has hints.
  await workbench.save()
  assert.equal(readFileSync(join(folder, 'policies/new.yaml'), 'utf8').trimEnd(), POLICY)
  step('a whole AuthorizationPolicy, with completions alone')

  await workbench.openFile('productpage-viewer.yaml')
  const problem = (rule) => page.locator('.markers-panel .monaco-list-row', { hasText: rule })
  await page.keyboard.press('Control+Shift+m')
  await page.locator('input[placeholder^="Filter (e.g. text"]').fill(`**/${viewer}`)
  await problem('l7-allow-rule-dropped').first().waitFor()
  await workbench.goTo(18, 14)
  await workbench.applyFix('Ignore l7-allow-rule-dropped here')
  await workbench.waitForText(/# ambient-policy-ignore l7-allow-rule-dropped -- reason/)
  await problem('write the reason').first().waitFor()
  await problem('l7-allow-rule-dropped').first().waitFor()
  await shoot('2-ignore')
  step('an ignore comment without its reason has no effect')

  // The word "reason" is selected.
  await page.keyboard.type('the next release has a waypoint')
  await page.keyboard.press('Escape')
  await workbench.waitForText(/-- the next release has a waypoint\n/)
  await until('no problem is left', async () => (await problem('Ln').count()) === 0)
  step('with a reason, the finding is ignored')

  await until('the text is as before', async () => {
    await page.keyboard.press('Control+z')
    return (await page.locator('.tab.active.dirty').count()) === 0
  })
  await problem('l7-allow-rule-dropped').first().waitFor()

  await workbench.openFile('.ambient-policy.yaml')
  await workbench.complete('rules')
  await page.keyboard.type('l7-allow-r')
  await workbench.complete('l7-allow-rule-dropped')
  await workbench.complete('off')
  await shoot('3-settings')
  await problem('l7-allow-rule-dropped').waitFor({ state: 'detached' })
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
