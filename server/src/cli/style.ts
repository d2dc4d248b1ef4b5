import type { Level } from '@istio-ambient-policy/shared'

type Paint = (text: string) => string

/** Styles for text in a terminal. Without colours, the text is unchanged. */
export interface Style {
  readonly bold: Paint
  readonly dim: Paint
  readonly level: (level: Level, text: string) => string
  readonly good: Paint
  readonly bad: Paint
}

const RESET = '\u001b[0m'
const LEVEL_COLOURS: Readonly<Record<Level, number>> = {
  error: 31,
  warning: 33,
  information: 36,
  hint: 34,
}

export function createStyle(colours: boolean): Style {
  const paint =
    (code: number): Paint =>
    (text) =>
      colours ? `\u001b[${code}m${text}${RESET}` : text
  return {
    bold: paint(1),
    dim: paint(2),
    level: (level, text) => paint(LEVEL_COLOURS[level])(text),
    good: paint(32),
    bad: paint(31),
  }
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u
const NO_WIDTH = /\p{Mark}|\u200d|\ufe0f/u

/** The number of columns of a text in a terminal. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}
