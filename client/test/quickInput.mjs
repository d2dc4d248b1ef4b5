// The quick input of the workbench: it can close at any time, because a panel takes the focus.
import { isClicked, isFilled, isPressed } from './elements.mjs'
import { until } from './until.mjs'

const OPEN = '.quick-input-widget:not([style*="display: none"])'

export class QuickInput {
  #page
  #input

  constructor(page) {
    this.#page = page
    this.#input = page.locator(`${OPEN} input[type=text]`).first()
  }

  /** Opens it with a key, types a text, and clicks the first or last row of `row`. */
  async pick(key, text, row = text, which = 'first') {
    await until(`the row ${row} of a quick input with ${text}`, async () => {
      await this.#open(key)
      return (await isFilled(this.#input, text)) && isClicked(this.#rows(row)[which]())
    })
  }

  /** Opens it with a key, types a text, and presses Enter. */
  async enter(key, text) {
    await until(`a quick input with ${text}`, async () => {
      await this.#open(key)
      return (await isFilled(this.#input, text)) && isPressed(this.#input, 'Enter')
    })
  }

  /** Chooses an item of an open quick pick. */
  async choose(text) {
    await until(`the choice ${text}`, async () => {
      return (await isFilled(this.#input, text)) && isClicked(this.#rows(text).first())
    })
  }

  /** Types in the open quick pick until an item with the text is selected. */
  async typeChoice(text) {
    await this.#input.fill(text)
    await this.#page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: text })
      .waitFor()
  }

  /** The key could choose a row of an input that is open from an attempt before. */
  async #open(key) {
    if (await this.#input.isVisible()) await this.#page.keyboard.press('Escape')
    await this.#page.keyboard.press(key)
  }

  #rows(text) {
    return this.#page.locator(`${OPEN} .monaco-list-row`, { hasText: text })
  }
}
