import { commands, Position, Range, Uri, ViewColumn, window } from 'vscode'
import { EVALUATE_COMMAND } from '../commands/commandNames.js'
import type { Link, RequestLink } from './link.js'

export function rangeOfLink({ range: { start, end } }: Link): Range {
  return new Range(new Position(start.line, start.character), new Position(end.line, end.character))
}

/** Evaluates a request, or shows a place in the first editor group, beside the panel. */
export async function openLink(link: Link | RequestLink): Promise<void> {
  if ('request' in link) {
    await commands.executeCommand(EVALUATE_COMMAND, link)
    return
  }
  await window.showTextDocument(Uri.parse(link.uri, true), {
    selection: rangeOfLink(link),
    viewColumn: ViewColumn.One,
  })
}
