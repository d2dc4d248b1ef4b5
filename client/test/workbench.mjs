// The actions of a user in the workbench.
import { readManifest } from '../../scripts/readManifest.mjs'
import { isClicked, isHidden, isShown } from './elements.mjs'
import { QuickInput } from './quickInput.mjs'
import { LIMIT_MILLISECONDS, until } from './until.mjs'

/** The category of the commands, and the name of the output channel. */
export const { displayName: PRODUCT_NAME } = readManifest()

/** The attribute of a panel's page by the base of the theme. */
const THEME_KINDS = {
  vs: 'vscode-light',
  'vs-dark': 'vscode-dark',
  'hc-black': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light',
}

/** More than any list of completions has in the tours. */
const MAX_COMPLETIONS = 200

/** The actions of a user, on a page of Playwright. */
export class Workbench {
  #quickInput

  constructor(page) {
    this.page = page
    this.#quickInput = new QuickInput(page)
    page.setDefaultTimeout(LIMIT_MILLISECONDS)
  }

  async open(url) {
    await this.page.goto(url)
    await this.page.locator('.editor-instance .view-lines').first().waitFor()
  }

  /** Opens a workspace file. The editor on a busy machine sometimes shows it without its folders. */
  async openWorkspace(url) {
    await until('the folders of the workspace', async () => {
      await this.open(url)
      return isShown(this.page.locator('.explorer-folders-view .monaco-list-row').first())
    })
  }

  /** Opens a file by its name, in the first group of editors. */
  async openFile(name) {
    await this.focusEditor()
    await this.#quickInput.pick('Control+p', name)
    await this.page.locator('.tab.active', { hasText: name }).waitFor()
  }

  async command(title) {
    await this.#quickInput.pick('F1', `>${title}`, title)
  }

  /** Runs a command of the extension. */
  async ownCommand(title) {
    await this.command(`${PRODUCT_NAME}: ${title}`)
  }

  /** Gives the focus to the first editor. A click could be on a link of a code lens. */
  async focusEditor() {
    await until('the focus is in the editor', async () => {
      await this.page.keyboard.press('Control+1')
      return this.page.evaluate(
        () =>
          document.activeElement?.closest('.editor-instance') ===
          document.querySelector('.editor-instance'),
      )
    })
  }

  /** Places the cursor; line and column start at one. */
  async goTo(line, column) {
    await this.focusEditor()
    await this.#quickInput.enter('Control+g', `:${line}:${column}`)
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })
    await this.statusBarItem(`Ln ${line}, Col ${column}`).waitFor()
  }

  statusBarItem(text) {
    return this.page.locator('.statusbar-item', { hasText: text }).first()
  }

  /** The hover at the cursor. */
  async hover() {
    const hover = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first()
    await until('a hover at the cursor', async () => {
      await this.page.keyboard.press('Control+k')
      await this.page.keyboard.press('Control+i')
      return isShown(hover)
    })
    return hover
  }

  /** Opens the menu of quick fixes at the cursor, which contains all `titles`. Returns its rows. */
  async openQuickFixes(...titles) {
    const rows = this.#quickFixMenu().locator('.monaco-list-row')
    const noFixes = this.page.locator('.monaco-editor-overlaymessage')
    await until(`the quick fixes ${titles.join(', ')}`, async () => {
      await this.closeQuickFixes()
      await this.focusEditor()
      await this.page.keyboard.press('Control+.')
      // A second press would choose the first fix of a menu that opens late.
      if (!(await isShown(rows.or(noFixes).first(), LIMIT_MILLISECONDS / 3))) return false
      const texts = await rows.allInnerTexts()
      // Before the menu has the focus, keys go to the editor.
      return (
        titles.every((title) => texts.some((text) => text.includes(title))) &&
        isShown(this.page.locator('.action-widget:focus-within'))
      )
    })
    return rows
  }

  /** Closes the menu of quick fixes, or the message that there are none. */
  async closeQuickFixes() {
    await until('the menu of quick fixes is closed', async () => {
      await this.page.keyboard.press('Escape')
      return isHidden(
        this.#quickFixMenu().or(this.page.locator('.monaco-editor-overlaymessage')).first(),
      )
    })
  }

  #quickFixMenu() {
    return this.page.locator('.action-widget:not(.action-list-submenu-panel)')
  }

  async applyFix(title) {
    await until(`the fix ${title}`, async () => {
      await this.openQuickFixes(title)
      return this.#isChosen(this.#quickFixMenu().locator('.monaco-list-row', { hasText: title }))
    })
  }

  /** Saves the changed file of the active editor. */
  async save() {
    await this.page.locator('.tab.active.dirty').waitFor()
    await this.page.keyboard.press('Control+s')
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' })
  }

  /** Chooses an item of a quick pick. With `placeholder`, waits for the quick pick that has it. */
  async choose(text, placeholder) {
    if (placeholder !== undefined) await this.question(placeholder).waitFor()
    await this.#quickInput.choose(text)
  }

  /** Chooses an item of an open menu, which ignores clicks for its first 100 ms. */
  async chooseFromMenu(text) {
    const items = '.monaco-menu .action-label, .action-widget .monaco-list-row'
    const item = this.page.locator(items, { hasText: text }).first()
    await item.waitFor()
    await until(`the item ${text} of the menu`, () => this.#isChosen(item))
  }

  /** Clicks an item of an open menu. False if the menu is still open, or is closed before the click. */
  async #isChosen(item) {
    await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)))
    return (await isClicked(item.first())) && isHidden(item.first())
  }

  /** The input of a quick pick, by its placeholder. */
  question(placeholder) {
    return this.page.locator(`.quick-input-widget input[placeholder^="${placeholder}"]`)
  }

  /** Waits until the text of the first editor matches. */
  async waitForText(pattern) {
    await until(`the editor has no text like ${pattern}`, async () =>
      pattern.test(await this.text()),
    )
  }

  /** The visible text of the first editor. */
  async text() {
    return (await this.page.locator('.editor-instance .view-lines').first().innerText()).replaceAll(
      '\u00a0',
      ' ',
    )
  }

  /** Chooses a color theme. `base` is one of the keys of `THEME_KINDS`. */
  async theme(name, base) {
    // After a click in the page of the panel, the focus is in its frame.
    await this.page.locator('.tab.active').first().click()
    await this.page.waitForFunction(() => document.activeElement?.tagName !== 'IFRAME')
    await this.command('Preferences: Color Theme')
    await this.choose(name, 'Select Color Theme')
    await this.page.locator(`.monaco-workbench.${base}`).waitFor()
    await this.panel().locator(`body[data-vscode-theme-kind="${THEME_KINDS[base]}"]`).waitFor()
  }

  /** Runs `check` in a light theme and in both high-contrast themes, and then chooses the dark theme again. */
  async inOtherThemes(check) {
    for (const [name, base] of [
      ['Light Modern', 'vs'],
      ['Dark High Contrast', 'hc-black'],
      ['Light High Contrast', 'hc-light'],
    ]) {
      await this.theme(name, base)
      await check(name, base)
    }
    await this.theme('Dark Modern', 'vs-dark')
  }

  /** Places the cursor at an object of the active editor. References to it in other objects come before it. */
  async symbol(name) {
    await this.#quickInput.pick('Control+Shift+o', `@${name}`, name, 'last')
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })
  }

  /** Clicks a link of the code lens above the cursor. */
  async clickLens(text) {
    const lenses = this.page.locator('.codelens-decoration a', { hasText: text })
    await until(`a code lens "${text}" above the cursor`, async () => {
      const cursor = await this.page.locator('.cursors-layer .cursor').first().boundingBox()
      const handles = await lenses.elementHandles()
      const boxes = await Promise.all(handles.map((handle) => handle.boundingBox()))
      const [nearest] = boxes
        .map((box, index) => ({ box, handle: handles[index] }))
        .filter(({ box }) => box !== null && cursor !== null && box.y < cursor.y)
        .sort((one, other) => other.box.y - one.box.y)
      return nearest !== undefined && isClicked(nearest.handle)
    })
  }

  /** Accepts the completion with a label at the cursor. */
  async complete(label) {
    await until(`the completion ${label}`, async () => {
      await this.completions(label)
      return this.#isSelected(label)
    })
    await this.page.keyboard.press('Enter')
    await this.page
      .locator('.suggest-widget.visible .label-name', { hasText: label })
      .waitFor({ state: 'hidden' })
  }

  /** Opens the list of completions at the cursor, which contains a label. Returns all labels that are in view. */
  async completions(label) {
    const labels = this.page.locator('.suggest-widget.visible .monaco-list-row .label-name')
    await until(`the completion ${label}`, async () => {
      await this.page.keyboard.press('Escape')
      await this.page.keyboard.press('Control+Space')
      return isShown(labels.getByText(label, { exact: true }))
    })
    return labels.allInnerTexts()
  }

  /** Selects a completion in the open list. False if the list is closed meanwhile. */
  async #isSelected(label) {
    const focused = this.page.locator('.suggest-widget.visible .monaco-list-row.focused')
    for (let presses = 0; presses <= MAX_COMPLETIONS; presses++) {
      const [text] = await focused.locator('.label-name').allInnerTexts()
      if (text === undefined || text === label) return text === label
      await this.page.keyboard.press('ArrowDown')
    }
    return false
  }

  /** Types in the quick pick until an item with the text is selected. */
  async typeChoice(text) {
    await this.#quickInput.typeChoice(text)
  }

  /** The page of a panel of the extension. */
  panel(extension = 'istio-ambient-policy.istio-ambient-policy') {
    return this.page
      .frameLocator(`iframe.webview.ready[src*="extensionId=${extension}&"]`)
      .frameLocator('#active-frame')
  }

  /** The page of a rule, which the Markdown preview shows. */
  rulePage() {
    return this.panel('vscode.markdown-language-features')
  }

  /** Resolves when no animation is running, such as a fade-in. Endless animations do not count. */
  async untilStill() {
    await this.page.waitForFunction(() =>
      document
        .getAnimations()
        .every(
          ({ effect, playState }) =>
            playState !== 'running' || effect.getComputedTiming().endTime === Infinity,
        ),
    )
  }
}
