/** The messages of the `yaml` package that name parts of its grammar, in the words of a person who writes YAML. */
const IN_WORDS: ReadonlyMap<string, string> = new Map([
  ['Missing closing "quote', 'The closing double quote is missing.'],
  ["Missing closing 'quote", 'The closing single quote is missing.'],
  [
    'Nested mappings are not allowed in compact mappings',
    'A value is followed by a second colon: check the indentation, or put the value in quotes.',
  ],
  [
    'Implicit keys need to be on a single line',
    'A key must be in one line: check the indentation.',
  ],
  ['Implicit map keys need to be followed by map values', 'A colon is missing after this key.'],
  [
    'All mapping items must start at the same column',
    'This key is not in the column of the keys above: check the indentation.',
  ],
  [
    'All sequence items must start at the same column',
    'This item is not in the column of the items above: check the indentation.',
  ],
  ['Sequence item without - indicator', 'This item of a list has no "-".'],
])

/** A message of the `yaml` package as a sentence. */
export function syntaxMessage(message: string): string {
  return IN_WORDS.get(message) ?? (/[.!?]$/.test(message) ? message : `${message}.`)
}
