import type { MeshPicture } from '@istio-ambient-policy/shared'
import { drawingToText, type Drawing } from './drawing.js'
import { drawPicture } from './drawPicture.js'

/** The colours of an SVG file, for light and dark mode. */
const STYLE = `
.picture { font-family: system-ui, sans-serif; background: #fff; color: #1f1f1f; --denied: #b3261e; --unsure: #8a5a00; --line: #4a4a4a; --box: #f5f7fa; --back: #fff }
@media (prefers-color-scheme: dark) { .picture { background: #1f1f1f; color: #e6e6e6; --denied: #ff8a80; --unsure: #ffcc66; --line: #b5b5b5; --box: #2a2d33; --back: #1f1f1f } }
.box { fill: var(--box); stroke: var(--line) }
.waypoint .box { stroke-width: 2 } .outside .box { stroke-dasharray: 4 3 } .denies .box { stroke: var(--denied); stroke-width: 3 }
text { fill: currentColor; text-anchor: middle } .name { font-size: 13px; font-weight: 600 } .what, .label { font-size: 11px }
.label-back { fill: var(--back) } .line { fill: none; stroke: var(--line); stroke-width: 1.4 } .arrow { fill: var(--line) }
.deny .line { stroke: var(--denied); stroke-dasharray: 6 4; stroke-width: 2 } .arrow.deny { fill: var(--denied) } .deny .label { fill: var(--denied) }
.undecided .line { stroke: var(--unsure); stroke-dasharray: 2 3 } .arrow.undecided { fill: var(--unsure) } .undecided .label { fill: var(--unsure) }
`

/** The picture as an SVG file. */
export function toSvgText(picture: MeshPicture<unknown>): string {
  const drawing = drawPicture(picture)
  const style: Drawing = { tag: 'style', attributes: {}, text: STYLE }
  return `${drawingToText({ ...drawing, children: [style, ...(drawing.children ?? [])] })}\n`
}
