import type { PageWord } from '../src/views/pageWord.js'

const given: unknown = JSON.parse(document.getElementById('view')?.dataset['words'] ?? '{}')
const WORDS = new Map<string, unknown>(
  typeof given === 'object' && given !== null ? Object.entries(given) : [],
)

/** A text of the page in the language of the editor, with values for `{0}`, `{1}` and so on. */
export function word(name: PageWord, ...values: readonly (string | number)[]): string {
  const text = WORDS.get(name)
  return typeof text === 'string'
    ? text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''))
    : name
}
