import { lineStartsOf, type FileEdit, type Range } from '@istio-ambient-policy/shared'

/** Adds an ignore comment above a finding; undefined for JSON, which has no comments. */
export function ignoreHere(
  { file, text }: { readonly file: string; readonly text: string },
  rule: string,
  { start }: Range,
): FileEdit | undefined {
  if (file.toLowerCase().endsWith('.json')) return undefined
  const offset = lineStartsOf(text).at(start.line)
  if (offset === undefined) return undefined
  const [indent = ''] = /^[ \t]*/.exec(text.slice(offset)) ?? []
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  return {
    file,
    edits: [
      {
        span: { start: offset, end: offset },
        newText: `${indent}# ambient-policy-ignore ${rule} -- reason${newline}`,
      },
    ],
  }
}
