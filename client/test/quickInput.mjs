// The quick input of the workbench: it can close at any time, because a panel takes the focus.
import { isClicked, isFilled, isHidden, isPressed, isShown } from './elements.mjs'
import { until } from './until.mjs'

const OPEN = '.quick-input-widget:not([style*="display: none"])'

/** The questions of a command can wait for the language server. */
const QUESTION_MILLISECONDS = 20_000

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
      const found = this.#rows(row)[which]()
      return (await isFilled(this.#input, text)) && (await isClicked(found)) && isHidden(found)
    })
  }

  /** Opens it with a key, types a text, and presses Enter. */
  async enter(key, text) {
    await until(`a quick input with ${text}`, async () => {
      await this.#open(key)
      return (
        (await isFilled(this.#input, text)) &&
        (await isPressed(this.#input, 'Enter')) &&
        isHidden(this.#input)
      )
    })
  }

  /**
   * Opens the questions of a command with `open` and answers them. Each answer is the start of a placeholder, and the
   * text of a choice. If a question closes meanwhile, all are asked again.
   */
  async answer(open, ...answers) {
    await until(`the answers ${answers.join(' · ')}`, async () => {
      await this.close()
      await open()
      for (const [placeholder, text] of answers)
        if (!(await this.#isAnswered(placeholder, text))) return false
      return true
    })
  }

  /** Opens a question with `open`. */
  async ask(open, placeholder) {
    await until(`the question ${placeholder}`, async () => {
      await this.close()
      await open()
      return isShown(this.question(placeholder), QUESTION_MILLISECONDS)
    })
  }

  /** The open question with a placeholder or a title that starts with a text. */
  question(text) {
    return this.#page
      .locator(`${OPEN} input[placeholder^="${text}"], ${OPEN} .quick-input-title:text("${text}")`)
      .first()
  }

  /** Types in the open quick pick until an item with the text is selected. */
  async typeChoice(text) {
    await this.#input.fill(text)
    await this.#page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: text })
      .waitFor()
  }

  /** Closes it, if it is open. */
  async close() {
    await until('no quick input', async () => {
      if (!(await this.#input.isVisible())) return true
      await isPressed(this.#input, 'Escape')
      return isHidden(this.#input)
    })
  }

  async #isAnswered(placeholder, text) {
    const question = this.question(placeholder)
    return (
      (await isShown(question, QUESTION_MILLISECONDS)) &&
      (await isFilled(this.#input, text)) &&
      (await isClicked(this.#rows(text).first())) &&
      isHidden(question)
    )
  }

  /** The key could choose a row of an input that is open from an attempt before. */
  async #open(key) {
    await this.close()
    await this.#page.keyboard.press(key)
  }

  #rows(text) {
    return this.#page.locator(`${OPEN} .monaco-list-row`, { hasText: text })
  }
}
