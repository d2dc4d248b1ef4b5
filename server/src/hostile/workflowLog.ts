/** A command in the log of a GitHub workflow. */
export interface WorkflowCommand {
  readonly name: string
  /** `file=a.yaml,line=3`, still escaped. */
  readonly parameters: string
  readonly value: string
}

const INVISIBLE = /[\p{Cf}\p{Cc}]/gu

/**
 * The commands that a runner reads in a stream, by the documented grammar: `::name parameters::value` at the start of a
 * line, after white space, and `##[name parameters]value` anywhere. Stricter than the runner: any name is a command, a
 * missing second `::` or `]` too, and invisible characters do not count.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function workflowCommandsIn(stream: string): WorkflowCommand[] {
  return stream.split(/\r\n|\r|\n/).flatMap((line) => {
    const text = line.replace(INVISIBLE, '').trimStart()
    if (text.startsWith('::')) {
      const end = text.indexOf('::', 2)
      return [
        commandOf(text.slice(2, end < 0 ? undefined : end), end < 0 ? '' : text.slice(end + 2)),
      ]
    }
    const start = text.indexOf('##[')
    if (start < 0) return []
    const end = text.indexOf(']', start)
    return [commandOf(text.slice(start + 3, end < 0 ? undefined : end), text.slice(end + 1))]
  })
}

function commandOf(head: string, value: string): WorkflowCommand {
  const space = head.indexOf(' ')
  return space < 0
    ? { name: head, parameters: '', value }
    : { name: head.slice(0, space), parameters: head.slice(space + 1), value }
}
