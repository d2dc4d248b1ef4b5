import type { Span } from '../text/lineIndex.js'

/** A text that can be inserted at the cursor. */
export interface Completion {
  readonly label: string
  readonly kind: 'value' | 'enum' | 'field' | 'reference' | 'snippet'
  /**
   * The text to write; with `snippet`, in the syntax of the Language Server Protocol's snippets. Lines after the
   * first are indented already.
   */
  readonly text: string
  readonly snippet: boolean
  /** A few words beside the label. */
  readonly detail: string
  /** In Markdown; can be empty. */
  readonly documentation: string
}

/** The texts that can replace a word. */
export interface Completions {
  /** Offsets in the whole text. */
  readonly span: Span
  readonly items: readonly Completion[]
}

/** A value, without its form in YAML (quotes, dash). */
export interface Suggestion {
  readonly value: string
  readonly kind: 'value' | 'enum' | 'reference'
  readonly detail?: string
  readonly documentation?: string
  /** The API expects a string: a number needs quotes. */
  readonly isText?: boolean
  /** The API expects the YAML value itself, such as a boolean: it has no quotes. */
  readonly isLiteral?: boolean
}

/** Fixed values with their documentation, in order. */
export function choices(values: Readonly<Record<string, string>>): readonly Suggestion[] {
  return Object.entries(values).map(([value, documentation]) => ({
    value,
    kind: 'enum',
    documentation,
  }))
}
