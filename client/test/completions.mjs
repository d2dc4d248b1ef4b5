// The list of completions of the editor. Keys and new results of the language server close it.
import { isShown } from './elements.mjs'
import { until } from './until.mjs'

/** More than any list of completions has in the tours. */
const MAX_COMPLETIONS = 200

export class Completions {
  #page

  constructor(page) {
    this.#page = page
  }

  /** Accepts the completion with a label at the cursor. */
  async accept(label) {
    await until(`the completion ${label}`, async () => {
      await this.show(label)
      return this.#isSelected(label)
    })
    await this.#page.keyboard.press('Enter')
    await this.#page
      .locator('.suggest-widget.visible .label-name', { hasText: label })
      .waitFor({ state: 'hidden' })
  }

  /** Opens the list at the cursor, which contains a label. Returns all labels that are in view. */
  async show(label) {
    const labels = this.#page.locator('.suggest-widget.visible .monaco-list-row .label-name')
    await until(`the completion ${label}`, async () => {
      await this.#page.keyboard.press('Escape')
      await this.#page.keyboard.press('Control+Space')
      return isShown(labels.getByText(label, { exact: true }))
    })
    return labels.allInnerTexts()
  }

  /** Selects a completion in the open list. False if the list is closed meanwhile. */
  async #isSelected(label) {
    const focused = this.#page.locator('.suggest-widget.visible .monaco-list-row.focused')
    for (let presses = 0; presses <= MAX_COMPLETIONS; presses++) {
      const [text] = await focused.locator('.label-name').allInnerTexts()
      if (text === undefined || text === label) return text === label
      await this.#page.keyboard.press('ArrowDown')
    }
    return false
  }
}
