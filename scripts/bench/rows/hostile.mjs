import { readdirSync, statSync } from 'node:fs'
import { measure, setFolder } from '../programs.mjs'

const MEGABYTE = 1_000_000
/** Only the slowest inputs have their own row. */
const SHOWN = 8

/** Inputs that must not crash or block an editor, each in its own process. */
export async function hostile() {
  const folder = setFolder('hostile')
  const paths = readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.yaml'))
    .sort()
  const measured = []
  const wrong = []
  for (const path of paths) {
    const size = statSync(`${folder}/${path}`).size
    try {
      measured.push({ path, size, ...(await measure('hostile', 'hostile', path)) })
    } catch (error) {
      wrong.push(`${path}: ${error.message}`)
    }
  }
  const slowest = [...measured].sort((a, b) => b.cpu - a.cpu)
  const row = ({ path, size, cpu, wall, rss, said }) => [
    `hostile ${path}, ${(size / MEGABYTE).toFixed(1)} MB: CPU ms (wall), peak MB`,
    size <= 5 * MEGABYTE ? '≤ 1 500 or refused' : '',
    `${cpu.toFixed(0)} (${wall.toFixed(0)}), ${(rss / MEGABYTE).toFixed(0)}${said === '' ? '' : `; ${said}`}`,
  ]
  const rest = slowest.slice(SHOWN).filter(({ size }) => size <= 5 * MEGABYTE)
  return {
    rows: [
      ...slowest.slice(0, SHOWN).map(row),
      ...measured
        .filter(
          ({ path, size }) =>
            size > 5 * MEGABYTE && !slowest.slice(0, SHOWN).some((shown) => shown.path === path),
        )
        .map(row),
      [
        `the other ${rest.length} hostile files: CPU ms at most`,
        '≤ 1 500',
        Math.max(...rest.map(({ cpu }) => cpu)).toFixed(0),
      ],
    ],
    wrong,
  }
}
