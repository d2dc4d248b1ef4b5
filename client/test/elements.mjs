// Actions on elements that the editor can remove or hide meanwhile.

/** Clicks an element that is at rest. False if the editor removes it or covers it meanwhile. */
export async function isClicked(handle) {
  try {
    await handle.click({ timeout: 5_000 })
    return true
  } catch (error) {
    if (error.name === 'TimeoutError' || /not attached/.test(error.message)) return false
    throw error
  }
}

/** Whether an element appears within a few seconds. */
export async function isShown(locator) {
  try {
    await locator.waitFor({ timeout: 5_000 })
    return true
  } catch (error) {
    if (error.name === 'TimeoutError') return false
    throw error
  }
}

/** Fills an input. False if the editor hides it meanwhile. */
export async function isFilled(locator, text) {
  try {
    await locator.fill(text, { timeout: 5_000 })
    return true
  } catch (error) {
    if (error.name === 'TimeoutError') return false
    throw error
  }
}
