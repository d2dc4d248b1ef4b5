// Actions on elements that the editor can remove or hide meanwhile. They return false then.
import { until } from './until.mjs'

/** Long enough for a busy machine, short enough to try again. */
const LIMIT_MILLISECONDS = 5_000
/** For a result that the language server computes. */
const RESULT_MILLISECONDS = 20_000

/** Clicks an element that is at rest. `element` is a locator or a handle. */
export function isClicked(element, options = {}) {
  return isDone(() => element.click({ ...options, timeout: LIMIT_MILLISECONDS }))
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

/**
 * Acts until `result` is visible: a busy editor loses a click on an element that it draws again, and a key before the
 * focus has moved. `act` must be harmless a second time.
 */
export async function actUntilShown(what, act, result) {
  await until(what, async () => {
    if (await result.first().isVisible()) return true
    return (await act()) !== false && isShown(result.first(), RESULT_MILLISECONDS)
  })
}

/** The same until `result` is no longer visible. */
export async function actUntilHidden(what, act, result) {
  await until(what, async () => {
    if (!(await result.first().isVisible())) return true
    return (await act()) !== false && isHidden(result.first())
  })
}

async function isDone(act) {
  try {
    await act()
    return true
  } catch (error) {
    if (error.name === 'TimeoutError' || /not attached|was detached/.test(error.message))
      return false
    throw error
  }
}
