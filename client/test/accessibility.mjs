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
