import {
  lineStartsOf,
  rangeOf,
  renderEdits,
  sourceLookupOf,
  type Analysis,
  type LineStarts,
  type MeshFinding,
  type Range,
  type Span,
} from '@istio-ambient-policy/shared'
import type { RenderedFix } from './format/checkFormat.js'
import type { CliIo } from './io.js'
import { displayPath } from './paths.js'

/** Makes the text changes of fixes. Fixes that cannot be made safely are left out. */
export function fixRenderer(
  io: CliIo,
  textOf: (file: string) => string | undefined,
): (finding: MeshFinding) => RenderedFix[] {
  const texts = new LastText(textOf)
  const hosts = new Map<Analysis, ReturnType<typeof sourceLookupOf>>()
  const hostOf = (analysis: Analysis): ReturnType<typeof sourceLookupOf> => {
    const host = hosts.get(analysis) ?? sourceLookupOf(analysis, (file) => texts.of(file))
    hosts.set(analysis, host)
    return host
  }
  return ({ finding, analysis }) =>
    finding.fixes.flatMap(({ title, edits }) => {
      const changes = renderEdits(edits, hostOf(analysis)) ?? []
      const files = changes.map((change) => ({
        file: displayPath(io.cwd, change.file),
        edits: change.edits.map(({ span, newText }) => ({
          range: texts.rangeIn(change.file, span),
          newText,
        })),
      }))
      return files.length > 0 ? [{ title, files }] : []
    })
}

/** The text of one file at a time: findings are sorted by file. */
export class LastText {
  readonly #textOf: (file: string) => string | undefined
  #last: { readonly file: string; readonly text: string | undefined } | undefined
  #lineStarts: LineStarts | undefined

  constructor(textOf: (file: string) => string | undefined) {
    this.#textOf = textOf
  }

  of(file: string): string | undefined {
    if (this.#last?.file !== file) {
      this.#last = { file, text: this.#textOf(file) }
      this.#lineStarts = undefined
    }
    return this.#last.text
  }

  rangeIn(file: string, span: Span): Range {
    const text = this.of(file) ?? ''
    this.#lineStarts ??= lineStartsOf(text)
    return rangeOf(this.#lineStarts, span)
  }
}
