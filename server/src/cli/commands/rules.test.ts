import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'

const { run, remove } = createCliFolder({})
afterAll(remove)

it('rules lists all rules with level and summary', async () => {
  expect((await run(['rules'])).out).toMatch(
    /^l7-allow-rule-dropped +error +ztunnel drops an ALLOW rule/m,
  )
})

it('rules NAME prints the page of a rule', async () => {
  const { out } = await run(['rules', 'l7-allow-rule-dropped'])
  expect(out).toMatch(/^# l7-allow-rule-dropped\n\nztunnel drops an ALLOW rule/)
  expect(out).toContain('## Bad\n\n```yaml\napiVersion: v1\n')
})
