import type { Range } from '@istio-ambient-policy/shared'
import { Position, Range as EditorRange, Uri, ViewColumn, window } from 'vscode'

/** A place in a file of the workspace. */
export interface Link {
  readonly uri: string
  readonly range: Range
}

export function linkOf({ uri, range }: { readonly uri: string | null; readonly range: Range | null }): Link | null {
  return uri === null || range === null ? null : { uri, range }
}

export function rangeOfLink({ range: { start, end } }: Link): EditorRange {
  return new EditorRange(new Position(start.line, start.character), new Position(end.line, end.character))
}

/** Shows a place beside the panels, in the first group of editors. */
export async function openLink(link: Link): Promise<void> {
  await window.showTextDocument(Uri.parse(link.uri, true), { selection: rangeOfLink(link), viewColumn: ViewColumn.One })
}
