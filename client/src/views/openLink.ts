import { commands, Position, Range, Uri, ViewColumn, window } from 'vscode'
import { EVALUATE_COMMAND, OPEN_RULE_COMMAND } from '../commands/commandNames.js'
import type { Link, PageLink } from './link.js'

export function rangeOfLink({ range: { start, end } }: Link): Range {
  return new Range(new Position(start.line, start.character), new Position(end.line, end.character))
}

/** Evaluates a request, shows the page of a rule, or shows a place in the first editor group, beside the panel. */
export async function openLink(link: PageLink): Promise<void> {
  if ('request' in link) {
    await commands.executeCommand(EVALUATE_COMMAND, link)
    return
  }
  if ('pageOfRule' in link) {
    await commands.executeCommand(OPEN_RULE_COMMAND, link.pageOfRule)
    return
  }
  await window.showTextDocument(Uri.parse(link.uri, true), {
    selection: rangeOfLink(link),
    viewColumn: ViewColumn.One,
  })
}
