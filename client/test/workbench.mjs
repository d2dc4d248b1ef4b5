// The actions of a user in the workbench.
import { readManifest } from '../../scripts/readManifest.mjs'
import { Completions } from './completions.mjs'
import { actUntilHidden, actUntilShown, isClicked, isShown } from './elements.mjs'
import { Menus } from './menus.mjs'
import { ProblemsView } from './problemsView.mjs'
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

/** The actions of a user, on a page of Playwright. */
export class Workbench {
  constructor(page) {
    this.page = page
    this.quickInput = new QuickInput(page)
    this.menus = new Menus(page, () => this.focusEditor())
    this.completions = new Completions(page)
    this.problems = new ProblemsView(page)
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
    const open = async () => {
      await this.focusEditor()
      // New results of the search can move the rows.
      await this.quickInput.pick('Control+p', name)
    }
    await actUntilShown(`the file ${name}`, open, this.tab(name))
  }

  /** The active tab with a title. */
  tab(title) {
    return this.page.locator('.tab.active', { hasText: title })
  }

  /** Closes the editor with a title, which has no unsaved changes. */
  async closeTab(title) {
    const tab = this.page.locator('.tab', { hasText: title }).first()
    await actUntilHidden(
      `the tab ${title}`,
      () => isClicked(tab.locator('.tab-actions .action-label')),
      tab,
    )
  }

  async command(title) {
    await this.quickInput.pick('F1', `>${title}`, title)
  }

  /** Runs a command of the extension. */
  async ownCommand(title) {
    await this.command(`${PRODUCT_NAME}: ${title}`)
  }

  /** Opens views by the start of their title in the activity bar. A click on open views closes them. */
  async openViews(title) {
    const item = this.page.locator('.activitybar .action-item', {
      has: this.page.locator(`.action-label[aria-label^="${title}"]`),
    })
    await actUntilShown(
      `the views ${title}`,
      () => isClicked(item.first()),
      item.and(this.page.locator('.checked')),
    )
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
    const go = async () => {
      await this.focusEditor()
      await this.quickInput.enter('Control+g', `:${line}:${column}`)
    }
    await go()
    await actUntilShown(
      `the cursor at ${line}:${column}`,
      go,
      this.statusBarItem(`Ln ${line}, Col ${column}`),
    )
  }

  statusBarItem(text) {
    return this.page.locator('.statusbar-item', { hasText: text }).first()
  }

  /** Shows the language status, which has a line with a text. Returns the line. */
  async languageStatus(text) {
    const line = this.page.locator('.hover-language-status', { hasText: text }).first()
    const show = async () => {
      await this.page.keyboard.press('Escape')
      return isClicked(this.page.locator('#status\\.languageStatus'))
    }
    await actUntilShown(`the language status ${text}`, show, line)
    return line
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

  async closeHover() {
    await actUntilHidden(
      'the hover',
      () => this.page.keyboard.press('Escape'),
      this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content'),
    )
  }

  /** Clicks a link of the hover at the cursor, which shows `result`. */
  async followHover(text, result) {
    const follow = async () => {
      const hover = await this.hover()
      return isClicked(hover.locator('a', { hasText: text }).first())
    }
    await actUntilShown(`the link ${text} of a hover`, follow, result)
  }

  /** Saves the changed file of the active editor. */
  async save() {
    const dirty = this.page.locator('.tab.active.dirty')
    await dirty.waitFor()
    await actUntilHidden('unsaved changes', () => this.page.keyboard.press('Control+s'), dirty)
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
    await until('the focus is outside of the panel', async () => {
      await isClicked(this.page.locator('.tab.active').first())
      return this.page.evaluate(() => document.activeElement?.tagName !== 'IFRAME')
    })
    await this.quickInput.answer(
      () => this.command('Preferences: Color Theme'),
      ['Select Color Theme', name],
    )
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
    await this.quickInput.pick('Control+Shift+o', `@${name}`, name, 'last')
  }

  /** The links of code lenses with a text. */
  lens(text) {
    return this.page.locator('.codelens-decoration a', { hasText: text })
  }

  /** Clicks the first link of a code lens with a text, which shows `result`. */
  async followLens(text, result) {
    await actUntilShown(`the lens ${text}`, () => isClicked(this.lens(text).first()), result)
  }

  /** The same for the link above the cursor. */
  async followLensAboveCursor(text, result) {
    const follow = async () => {
      const cursor = await this.page.locator('.cursors-layer .cursor').first().boundingBox()
      const handles = await this.lens(text).elementHandles()
      const boxes = await Promise.all(handles.map((handle) => handle.boundingBox()))
      const [nearest] = boxes
        .map((box, index) => ({ box, handle: handles[index] }))
        .filter(({ box }) => box !== null && cursor !== null && box.y < cursor.y)
        .sort((one, other) => other.box.y - one.box.y)
      return nearest !== undefined && isClicked(nearest.handle)
    }
    await actUntilShown(`the lens ${text} above the cursor`, follow, result)
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
