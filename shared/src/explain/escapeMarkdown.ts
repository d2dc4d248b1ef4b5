import { printable } from '../text/printable.js'

/**
 * A text as Markdown that shows exactly it: nothing in it becomes markup, an HTML tag, a link or a table cell. Line
 * breaks become spaces.
 */
export function escapeMarkdown(text: string): string {
  return printable(text.replace(/[\r\n\t\u2028\u2029]+/g, ' '))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]|~$!]/g, '\\$&')
    .replace(
      /^(\s*)([#+-]|\d+[.)])(?=\s|$)/,
      (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`,
    )
}
