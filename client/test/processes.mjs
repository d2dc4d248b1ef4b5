// The processes below a process, from /proc.
import { readFileSync } from 'node:fs'

/** The unit of the times in /proc. */
const MILLISECONDS_PER_TICK = 10

/** The ids of all descendants of a process. */
export function processesBelow(pid) {
  const children = readText(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .filter((text) => text !== '')
    .map(Number)
  return children.flatMap((child) => [child, ...processesBelow(child)])
}

export function commandOf(pid) {
  return readText(`/proc/${pid}/cmdline`)
}

/** The CPU time of all processes below a process, which are running. */
export function cpuMillisecondsBelow(pid) {
  return processesBelow(pid)
    .map((child) => {
      // The name of the program is in parentheses and can have spaces.
      const fields = readText(`/proc/${child}/stat`).split(') ').at(-1).split(' ')
      const [user, system] = fields.slice(11, 13).map(Number)
      return fields.length > 12 ? (user + system) * MILLISECONDS_PER_TICK : 0
    })
    .reduce((sum, milliseconds) => sum + milliseconds, 0)
}

/** The text of a file; empty if the process has ended. */
function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return ''
    throw error
  }
}
