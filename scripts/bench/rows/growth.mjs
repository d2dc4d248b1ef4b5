import { AXES } from '../../generate/axes.mjs'
import { measureFolder, axisFolder } from '../programs.mjs'
import { quantile } from '../statistics.mjs'

const MEGABYTE = 1e6
/** An app has four objects. */
const SMALLEST = 250
/** Overlays: each is a mesh of its own. */
const MESHES = /^overlays/
const SMALLEST_OF_MESHES = 25

/**
 * How the cost of crowded workspaces grows: each axis at three sizes, and keystrokes in the
 * smallest. A slope of 1 is linear, of 2 quadratic.
 */
export async function growth({ axes = Object.keys(AXES), smallest }) {
  const rows = []
  const wrong = []
  for (const axis of axes) {
    const least = smallest ?? (MESHES.test(axis) ? SMALLEST_OF_MESHES : SMALLEST)
    const sizes = [least, least * 2, least * 4]
    const results = []
    for (const [index, size] of sizes.entries())
      results.push(
        await measureFolder('growth', axisFolder(axis, size), index === 0 ? 'type' : 'check'),
      )
    const [first, middle, last] = results
    if (first.wrong)
      wrong.push(`${axis} ${sizes[0]}: findings after the edits differ from those from scratch`)
    const other = Object.keys(last.rules).filter((rule) => middle.rules[rule] === undefined)
    const lost = Object.keys(middle.rules).filter((rule) => last.rules[rule] === undefined)
    if (other.length + lost.length > 0)
      wrong.push(
        `${axis}: other rules report at ${sizes[2]} than at ${sizes[1]}: ${[...other, ...lost].join()}`,
      )
    const strokes = Object.values(first.strokes).flat()
    const shown = (times) =>
      `${quantile(times, 0.5).toFixed(1)} (${quantile(times, 0.95).toFixed(1)})`
    rows.push(
      [
        `${axis} ${sizes.join(', ')}: CPU s; peak MB`,
        '',
        `${results.map(({ cpu }) => (cpu / 1_000).toFixed(2)).join(', ')}; ${results.map(({ peak }) => (peak / MEGABYTE).toFixed(0)).join(', ')}`,
      ],
      [
        'the same: slope of the last doubling',
        '≤ 1.25',
        Math.log2(last.cpu / middle.cpu).toFixed(2),
      ],
      [
        `the same: keystroke at ${sizes[0]}, ms of the main thread, median (p95): its own file; all files`,
        '≤ 50 (p95)',
        `${shown(strokes.map(({ own }) => own))}; ${shown(strokes.map(({ all }) => all))}`,
      ],
    )
  }
  return { rows, wrong }
}
