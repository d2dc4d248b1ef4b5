// Actions on elements that the editor can remove or hide meanwhile. They return false then.

/** Long enough for a busy machine, short enough to try again. */
const LIMIT_MILLISECONDS = 5_000

/** Clicks an element that is at rest. `element` is a locator or a handle. */
export function isClicked(element) {
  return isDone(() => element.click({ timeout: LIMIT_MILLISECONDS }))
}

/** Whether an element appears. */
export function isShown(locator, timeout = LIMIT_MILLISECONDS) {
  return isDone(() => locator.waitFor({ timeout }))
}

/** Whether an element disappears. */
export function isHidden(locator) {
  return isDone(() => locator.waitFor({ state: 'hidden', timeout: LIMIT_MILLISECONDS }))
}

export function isFilled(locator, text) {
  return isDone(() => locator.fill(text, { timeout: LIMIT_MILLISECONDS }))
}

/** Presses a key in an element, which gets the focus. */
export function isPressed(locator, key) {
  return isDone(() => locator.press(key, { timeout: LIMIT_MILLISECONDS }))
}

async function isDone(act) {
  try {
    await act()
    return true
  } catch (error) {
    if (error.name === 'TimeoutError' || /not attached/.test(error.message)) return false
    throw error
  }
}
