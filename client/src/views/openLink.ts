import { Position, Range, Uri, ViewColumn, window } from 'vscode'
import type { Link } from './link.js'

export function rangeOfLink({ range: { start, end } }: Link): Range {
  return new Range(new Position(start.line, start.character), new Position(end.line, end.character))
}

/** Shows a place in the first editor group, beside the panel. */
export async function openLink(link: Link): Promise<void> {
  await window.showTextDocument(Uri.parse(link.uri, true), {
    selection: rangeOfLink(link),
    viewColumn: ViewColumn.One,
  })
}
