import type { Cache } from './cache/cache.js'
import type { RunWithinLimit } from './deadline.js'
import type { Host } from './host.js'
import type { ToolAnswer, ToolCall } from './mcp/callTool.js'

/** What the server uses of its machine. */
export interface Machine {
  /** The file system; undefined in a browser. */
  readonly host: Host | undefined
  /** The limit of work without a break. */
  readonly runWithinLimit: RunWithinLimit
  /** Opens a cache in a folder; undefined in a browser. */
  readonly openCache?: (folder: string) => Cache | undefined
  /** Loads what answers the tools of assistants. They need a file system: undefined in a browser. */
  readonly loadTools?: () => Promise<AnswerToolCall>
}

/** Answers a call of a tool about a folder of this machine. `pause` is called between the steps of long work. */
export type AnswerToolCall = (
  call: ToolCall,
  files: ToolFiles,
  pause: () => Promise<void>,
) => Promise<ToolAnswer>

/** What a tool reads. */
export interface ToolFiles {
  /** The root folder. */
  readonly folder: string
  /** Texts of files in the folder that are read in place of those on disk, by their paths. */
  readonly texts: ReadonlyMap<string, string>
}
