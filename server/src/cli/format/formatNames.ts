/** The output formats of commands; the first is the default. */
export const FORMAT_NAMES = {
  access: ['text', 'json'],
  check: ['text', 'json', 'sarif', 'github', 'gitlab', 'junit', 'markdown'],
  diff: ['text', 'json', 'markdown', 'sarif', 'github'],
  explain: ['text', 'markdown', 'json'],
  test: ['text', 'json', 'junit', 'github', 'markdown'],
} as const

/** A format of a command. */
export type FormatName<Command extends keyof typeof FORMAT_NAMES> =
  (typeof FORMAT_NAMES)[Command][number]
