// Menus of the workbench. Any change of the focus closes them.
import { isClicked, isHidden, isShown } from './elements.mjs'
import { LIMIT_MILLISECONDS, until } from './until.mjs'

const ITEMS = '.monaco-menu .action-label, .action-widget .monaco-list-row'

export class Menus {
  #page
  #focusEditor

  constructor(page, focusEditor) {
    this.#page = page
    this.#focusEditor = focusEditor
  }

  /** Opens a menu that has an item with `open`, unless it is open. */
  async open(text, open) {
    await until(`a menu with the item ${text}`, () => this.#isOpen(this.#item(text), open))
  }

  /** Chooses an item of the menu that `open` opens. */
  async choose(text, open) {
    const item = this.#item(text)
    await until(`the item ${text} of a menu`, async () => {
      return (await this.#isOpen(item, open)) && this.#isChosen(item)
    })
  }

  /** Opens the menu of quick fixes at the cursor, which contains all `titles`. Returns its rows. */
  async openQuickFixes(...titles) {
    const rows = this.#quickFixes().locator('.monaco-list-row')
    const noFixes = this.#page.locator('.monaco-editor-overlaymessage')
    await until(`the quick fixes ${titles.join(', ')}`, async () => {
      await this.closeQuickFixes()
      await this.#focusEditor()
      await this.#page.keyboard.press('Control+.')
      // A second press would choose the first fix of a menu that opens late.
      if (!(await isShown(rows.or(noFixes).first(), LIMIT_MILLISECONDS / 3))) return false
      const texts = await rows.allInnerTexts()
      // Before the menu has the focus, keys go to the editor.
      return (
        titles.every((title) => texts.some((text) => text.includes(title))) &&
        isShown(this.#page.locator('.action-widget:focus-within'))
      )
    })
    return rows
  }

  /** Closes the menu of quick fixes, or the message that there are none. */
  async closeQuickFixes() {
    await until('the menu of quick fixes is closed', async () => {
      await this.#page.keyboard.press('Escape')
      return isHidden(
        this.#quickFixes().or(this.#page.locator('.monaco-editor-overlaymessage')).first(),
      )
    })
  }

  async applyFix(title) {
    await until(`the fix ${title}`, async () => {
      await this.openQuickFixes(title)
      return this.#isChosen(this.#quickFixes().locator('.monaco-list-row', { hasText: title }))
    })
  }

  #quickFixes() {
    return this.#page.locator('.action-widget:not(.action-list-submenu-panel)')
  }

  #item(text) {
    return this.#page.locator(ITEMS, { hasText: text }).first()
  }

  async #isOpen(item, open) {
    if (await item.isVisible()) return true
    return (await open()) !== false && isShown(item)
  }

  /** Clicks an item. False if the menu is still open, or is closed before the click. */
  async #isChosen(item) {
    // Menus ignore clicks for their first 100 ms.
    await this.#page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)))
    return (await isClicked(item.first())) && isHidden(item.first())
  }
}
