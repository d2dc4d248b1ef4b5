// Checks the page of a panel with axe-core.
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Fails if the page of the panel has accessibility problems. The error lists each problem and its elements. */
export async function checkAccessibility(page, what) {
  const frame = pageOfPanel(page)
  await frame.evaluate(AXE)
  const violations = await frame.evaluate(async () => {
    const results = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return results.violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    )
  })
  assert.deepEqual(violations, [], `${what} is accessible.`)
  assert.deepEqual(await frame.evaluate(faintSigns), [], `${what} has signs of enough contrast.`)
}

/** The frame of the page of a panel. */
export function pageOfPanel(page) {
  const frame = page
    .frames()
    .find(
      (candidate) => candidate.name() === 'active-frame' || candidate.url().includes('fake.html'),
    )
  assert.ok(frame, 'The panel has a page.')
  return frame
}

/**
 * Runs in the page. Returns the signs of one character, such as the tick of an allowed request, whose contrast is below
 * 3:1 (WCAG 1.4.11). axe-core looks neither at single characters nor at generated content.
 */
function faintSigns() {
  const luminance = (color) => {
    const [red, green, blue] = (color.match(/[\d.]+/g) ?? []).map((value) => {
      const part = Number(value) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const background = luminance(getComputedStyle(document.body).backgroundColor)
  const contrasts = new Map()
  for (const element of document.querySelectorAll('[class]')) {
    const name = `${element.localName}.${element.className}`
    if (contrasts.has(name)) continue
    const before = getComputedStyle(element, '::before')
    const isSign = element.textContent.trim().length === 1
    if (!isSign && !/^"\S/.test(before.content)) continue
    const { color } = isSign ? getComputedStyle(element) : before
    const [low, high] = [background, luminance(color)].sort((one, other) => one - other)
    contrasts.set(name, (high + 0.05) / (low + 0.05))
  }
  return [...contrasts]
    .filter(([, contrast]) => contrast < 3)
    .map(([name, contrast]) => `${name} ${contrast.toFixed(1)}:1`)
}
