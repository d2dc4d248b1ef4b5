import type { RunWithinLimit } from './deadline.js'
import type { Host } from './host.js'

/** What the server uses of its machine. */
export interface Machine {
  /** The file system; undefined in a browser. */
  readonly host: Host | undefined
  /** The limit of work without a break. */
  readonly runWithinLimit: RunWithinLimit
}
