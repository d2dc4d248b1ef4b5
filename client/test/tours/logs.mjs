// Explain Log Line…: a line of ztunnel leads to the rule of the policy, its finding and its fix.
import { checkAccessibility } from '../accessibility.mjs'

export const fixture = 'test-fixtures/meshes/shop'

const LINE =
  'error access connection complete src.addr=10.0.0.1:40000 src.identity="spiffe://cluster.local/ns/shop/sa/cart" dst.hbone_addr=10.0.0.2:8080 dst.workload="cart-5d6f7-abcde" dst.namespace="shop" direction="inbound" error="connection closed due to policy rejection: allow policies exist, but none allowed"'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, 'shop.yaml'))
  await page.locator('.codelens-decoration').first().waitFor()
  const { quickInput } = workbench
  await quickInput.ask(
    () => workbench.ownCommand('Explain Log Line'),
    'error access connection complete',
  )
  const input = quickInput.question('error access connection complete')
  await input.fill(LINE)
  await shoot('1-line')
  await input.press('Enter')

  const panel = workbench.panel()
  await panel
    .locator('h1', {
      hasText: 'ztunnel shop/cart port 8080, sees cluster.local/ns/shop/sa/cart',
    })
    .waitFor()
  await panel
    .locator('p.verdict.deny', {
      hasText: 'Denied. No ALLOW rule matched. 1 ALLOW policy applies.',
    })
    .waitFor()
  await panel.locator('caption', { hasText: 'ALLOW policies that apply' }).waitFor()
  await panel.locator('table', { hasText: 'waypoint-identity-denied' }).waitFor()
  await checkAccessibility(page, 'The explanation of a log line')
  await shoot('2-explained')
  await workbench.inOtherThemes(async (name, base) => {
    await shoot(`3-${base}`)
    await checkAccessibility(page, `The explanation of a log line in ${name}`)
  })
  step('the policy that denies, its finding, and whether the files agree, in all themes')

  await page.locator('.tab.active', { hasText: 'policies.yaml' }).waitFor()
  await workbench.statusBarItem('Ln 64').waitFor()
  step('the rule of the policy in the editor')
}
