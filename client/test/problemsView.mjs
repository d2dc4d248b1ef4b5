// The view *Problems* of the workbench.
import { actUntilHidden, actUntilShown, isFilled } from './elements.mjs'
import { until } from './until.mjs'

export class ProblemsView {
  #page
  #view

  constructor(page) {
    this.#page = page
    this.#view = page.locator('.markers-panel')
  }

  /** Opens the view. `files` is a pattern for its filter. */
  async show(files) {
    const open = () => this.#page.keyboard.press('Control+Shift+m')
    await actUntilShown('the view Problems', open, this.#view)
    if (files === undefined) return
    const filter = this.#page.locator('input[placeholder^="Filter (e.g. text"]')
    await until(`the filter ${files}`, async () => {
      return (await isFilled(filter, files)) && (await filter.inputValue()) === files
    })
  }

  async hide() {
    const close = () => this.#page.keyboard.press('Control+j')
    await actUntilHidden('the view Problems', close, this.#view)
  }

  /** The rows with a text: problems, and the files that have them. */
  rows(text) {
    return this.#page.locator('.markers-panel .monaco-list-row', { hasText: text })
  }
}
