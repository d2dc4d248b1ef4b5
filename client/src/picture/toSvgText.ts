import type { MeshPicture } from '@istio-ambient-policy/shared'
import { drawingToText } from './drawing.js'
import { drawPicture } from './drawPicture.js'

/** Colours for a file that stands alone, in light and dark surroundings. */
const STYLE = `
.picture { font-family: system-ui, sans-serif; background: #fff; color: #1f1f1f; --refused: #b3261e; --unsure: #8a5a00; --line: #4a4a4a; --box: #f5f7fa; --back: #fff }
@media (prefers-color-scheme: dark) { .picture { background: #1f1f1f; color: #e6e6e6; --refused: #ff8a80; --unsure: #ffcc66; --line: #b5b5b5; --box: #2a2d33; --back: #1f1f1f } }
.box { fill: var(--box); stroke: var(--line) }
.waypoint .box { stroke-width: 2 } .outside .box { stroke-dasharray: 4 3 }
text { fill: currentColor; text-anchor: middle } .name { font-size: 13px; font-weight: 600 } .what, .label { font-size: 11px }
.label-back { fill: var(--back) } .line { fill: none; stroke: var(--line); stroke-width: 1.4 } .arrow { fill: var(--line) }
.deny .line { stroke: var(--refused); stroke-dasharray: 6 4; stroke-width: 2 } .arrow.deny { fill: var(--refused) } .deny .label { fill: var(--refused) }
.undecided .line { stroke: var(--unsure); stroke-dasharray: 2 3 } .arrow.undecided { fill: var(--unsure) } .undecided .label { fill: var(--unsure) }
`

/** The picture as an SVG file. */
export function toSvgText(picture: MeshPicture<unknown>): string {
  const drawing = drawPicture(picture)
  return `${drawingToText({ ...drawing, children: [{ tag: 'style', attributes: {}, text: STYLE }, ...(drawing.children ?? [])] })}\n`
}
