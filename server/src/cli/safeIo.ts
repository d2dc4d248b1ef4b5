import { printable } from '@istio-ambient-policy/shared/basics'
import type { CliIo, ProcessIo } from './io.js'
import { withoutWorkflowCommands } from './workflowCommands.js'

/**
 * The streams of a process, so that no text of a repository is a command of the terminal or of a GitHub workflow. The
 * formats print values with `printable` or as JSON; this is the last check for both streams.
 */
export function safeIo(io: ProcessIo): CliIo {
  const guarded = (text: string): string => (io.workflow ? withoutWorkflowCommands(text) : text)
  return {
    ...io,
    out: (text) => {
      io.out(guarded(text))
    },
    outCommands: (text) => {
      io.out(text)
    },
    warn: (line) => {
      io.warn(guarded(printable(line)))
    },
  }
}
