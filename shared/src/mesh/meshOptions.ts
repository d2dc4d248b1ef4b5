import type { CountedWork } from '../inventory/countedWork.js'

/**
 * `open`: other objects may exist elsewhere, so an absent object is unknown. `closed`: the files
 * are the whole mesh.
 */
export type World = 'open' | 'closed'

export interface MeshOptions {
  /** Whether `keysOf` can be called. It costs memory. */
  readonly record?: boolean
  /** Counts each fact and each inventory key that is read. */
  readonly work?: CountedWork
}
