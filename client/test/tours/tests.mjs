// Policy tests: the view Testing with results, failures in the editor, a continuous run, coverage of the policies, and
// missing tests.
import { actUntilShown, isClicked } from '../elements.mjs'

export const fixture = 'test-fixtures/meshes/shop'

const TEST_FILE = 'shop.access-test.yaml'
const CASE = 'the web shop can read'

export async function tour({ page, workbench, server, folder, shoot, step }) {
  await workbench.open(server.url(folder, TEST_FILE))
  await workbench.lens('Run all tests').first().waitFor()
  await workbench.openViews('Testing')
  const row = (text) => page.locator('.test-explorer .monaco-list-row', { hasText: text }).first()
  const state = (text, name) => row(text).locator(`.codicon-testing-${name}-icon`)
  await row(TEST_FILE).waitFor()
  step('the test file in the view Testing')

  await workbench.command('Test: Run All Tests')
  await state(TEST_FILE, 'passed').waitFor()
  await actUntilShown(
    'the tests of the file',
    async () => {
      await isClicked(row(TEST_FILE))
      await page.keyboard.press('ArrowRight')
    },
    row(CASE),
  )
  await row('no client reaches the payments API').getByText('all requests').waitFor()
  await shoot('1-passed')
  step('all tests pass, each with its line')

  await workbench.command('Test: Start Continuous Run')
  await row(CASE).locator('.codicon-testing-passed-icon').waitFor()
  await replace(page, workbench, { line: 16, column: 13, length: 'allow'.length, text: 'deny' })
  await state(CASE, 'failed').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.test-error-content-widget', { hasText: 'must be denied' }).waitFor()
  await shoot('2-failed')
  step('a continuous run shows a failure in the text that is not saved')

  await actUntilShown(
    'the answer of each proxy',
    () => isClicked(page.locator('.test-error-content-widget')),
    page.getByText('shop/cart → service shop/web:80'),
  )
  await shoot('3-answer')
  step('the answer of each proxy at the failure')

  await page.keyboard.press('Escape')
  await workbench.focusEditor()
  await page.keyboard.press('Control+z')
  await workbench.waitForText(/expect: allow/)
  await state(CASE, 'passed').waitFor()
  await workbench.command('Test: Stop Continuous Run')
  step('the continuous run passes again after the change is undone')

  await workbench.command('Test: Run All Tests with Coverage')
  await page.locator('.test-coverage-list-item, .test-coverage-bars').first().waitFor()
  await workbench.openFile('policies.yaml')
  await page.locator('.coverage-deco-gutter').first().waitFor()
  await shoot('4-coverage')
  step('the rules that decide a request of a test, in the gutter')

  await workbench.openFile(TEST_FILE)
  await workbench.quickInput.ask(
    () => workbench.ownCommand('Find Missing Policy Tests'),
    'No test notices',
  )
  await shoot('5-missing')
  await workbench.quickInput.close()
  await workbench.openFile('policies.yaml')
  await workbench.goTo(17, 11)
  await workbench.menus.openQuickFixes('Add the missing test: shop/web cannot reach')
  await workbench.menus.closeQuickFixes()
  await workbench.openFile(TEST_FILE)
  await workbench.goTo(2, 1)
  await page.locator('.squiggly-info').first().waitFor()
  step('a search for what no test notices')

  await workbench.menus.applyFix('missing tests')
  await page.locator('.tab.active.dirty', { hasText: TEST_FILE }).waitFor()
  await workbench.goTo(36, 1)
  await workbench.waitForText(/payments\/ledger can reach service shop\/reviews:80/)
  await row('payments/ledger can reach').waitFor()
  await workbench.command('Test: Run All Tests')
  await state('payments/ledger can reach', 'passed').waitFor()
  await shoot('6-added')
  step('the code action adds the missing tests')
}

/** Replaces text at a place of the active editor; line and column start at one. */
async function replace(page, workbench, { line, column, length, text }) {
  await workbench.goTo(line, column)
  for (let count = 0; count < length; count++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.type(text)
}
