/**
 * The log of a GitHub workflow runs commands: `::name params::value` at the start of a line, after white space, and
 * `##[name]` anywhere (actions/runner src/Runner.Common/ActionCommand.cs). The runner can ignore invisible characters
 * between these characters.
 */
const AT_START = /^([\s\p{Cc}\p{Cf}]*):([\p{Cc}\p{Cf}]*)(?=:)/u
const ANYWHERE = /#([\p{Cc}\p{Cf}]*)#([\p{Cc}\p{Cf}]*)(?=\[)/gu

/** Whether a line of this text is a command, or is read as one. */
export function hasWorkflowCommand(text: string): boolean {
  return text !== withoutWorkflowCommands(text)
}

/** The text without lines that are commands: a space separates their characters. Lines end as the runner reads them. */
export function withoutWorkflowCommands(text: string): string {
  return text
    .split(/(\r\n|\r|\n)/)
    .map((line) => withoutHashCommands(line).replace(AT_START, '$1: $2'))
    .join('')
}

/** The same for text within a command. */
export function withoutHashCommands(text: string): string {
  return text.replace(ANYWHERE, '#$1# $2')
}
