import type { Span } from '../text/lineIndex.js'

/** What may be written at the cursor. */
export interface Completion {
  readonly label: string
  readonly kind: 'value' | 'enum' | 'field' | 'reference' | 'snippet'
  /** The text to write; with `snippet`, in the syntax of the Language Server Protocol's snippets. Lines after the first are indented already. */
  readonly text: string
  readonly snippet: boolean
  /** A few words beside the label. */
  readonly detail: string
  /** In Markdown; may be empty. */
  readonly documentation: string
}

/** What may be written in the place of a word. */
export interface Completions {
  /** Offsets in the whole text. */
  readonly span: Span
  readonly items: readonly Completion[]
}

/** A value, before it is known how it has to be written. */
export interface Suggestion {
  readonly value: string
  readonly kind: 'value' | 'enum' | 'reference'
  readonly detail?: string
  readonly documentation?: string
  /** The API wants a string, and YAML would read a number. */
  readonly isText?: boolean
}

/** A key, before it is known how what follows it has to be written. */
export interface Field {
  readonly name: string
  readonly holds: 'scalar' | 'list' | 'map'
  readonly detail?: string
  readonly documentation?: string
}
