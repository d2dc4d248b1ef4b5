// Small damage to texts, as from typing, merging, converting and generating them.

/** Texts that are typed or pasted. */
const TOKENS = [
  '',
  ' ',
  '  ',
  '\n',
  '\n  ',
  '- ',
  ': ',
  ':',
  '#',
  ' #',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  ', ',
  '|\n',
  '>\n',
  '|-',
  '&a ',
  '*a',
  '!',
  '!!str ',
  '%',
  '@',
  '`',
  '\\',
  '? ',
  '~',
  '---\n',
  '\n---\n',
  '...\n',
  '--- |\n',
  'null',
  'true',
  '-1',
  '0',
  '1e9',
  '.',
  '*',
  '/',
  '<<: *a',
  '{{',
  '{{ .x }}',
  '${x}',
  '\r\n',
  '\r',
  '\t',
  '\u0000',
  '\uFEFF',
  '\u2028',
  'é',
  '😀',
  '\uD800',
  'kind: Pod\n',
  'apiVersion: v1\n',
  '<<<<<<< a\n',
  '=======\n',
  '>>>>>>> b\n',
  'EOF\n',
  '# ambient-policy-ignore x\n',
]
/** Values that replace another value. */
const VALUES = [
  '',
  '~',
  'null',
  '[]',
  '{}',
  '""',
  '0',
  '-1',
  '99999999999999999999',
  '1.5',
  '.nan',
  'yes',
  'a',
  '"*"',
  "'x y'",
  '[a, b]',
  '{a: b}',
  '[[]]',
  '[null]',
  '!!binary x',
  '&b c',
  '*b',
  '|\n      x',
  '>-\n      x\n\n      y',
  '2024-01-01',
  '*/*',
  '10.0.0.0/8',
  'x'.repeat(300),
  '__proto__',
  'constructor',
]

/** Damage that uses lines of other documents of the corpus. */
export function mutate(text, random, corpus) {
  const kinds = [typed, typed, typed, value, value, line, line, fold]
  return random.pick(kinds)(text, random, corpus)
}

function typed(text, random) {
  const at = random.below(text.length + 1)
  return (
    text.slice(0, at) + random.pick(TOKENS) + text.slice(at + random.pick([0, 0, 0, 1, 2, 5, 40]))
  )
}

/** Replaces the value of one key. */
function value(text, random) {
  const keys = [...text.matchAll(/^( *(?:- )?[\w./"'-]+:)( [^\n]*)?$/gm)]
  if (keys.length === 0) return typed(text, random)
  const key = random.pick(keys)
  return `${text.slice(0, key.index)}${key[1]} ${random.pick(VALUES)}${text.slice(key.index + key[0].length)}`
}

function line(text, random, { documents }) {
  const lines = text.split('\n')
  const at = random.below(lines.length)
  const other = random.below(lines.length)
  const changes = [
    () => lines.splice(at, 1 + random.below(3)),
    () => lines.splice(at, 0, lines[other]),
    () => ([lines[at], lines[other]] = [lines[other], lines[at]]),
    () => (lines[at] = ' '.repeat(1 + random.below(4)) + lines[at]),
    () => (lines[at] = lines[at].replace(/^ {1,2}/, '')),
    () => (lines[at] = lines[at].replace(/^( *)/, '$1- ')),
    () => (lines[at] = lines[at].replace(/^( *)- /, '$1')),
    () => lines.splice(at, 0, random.pick(random.pick(documents).split('\n'))),
    () => (lines[at] = lines[at].replace(/ +/, '\t')),
    () => lines.splice(at, 0, '---'),
  ]
  random.pick(changes)()
  return lines.join('\n')
}

/** Rewrites the whole text as another tool does. */
function fold(text, random) {
  return random.pick([
    () => text.replaceAll('\n', '\r\n'),
    () => text.replaceAll('\n', '\r'),
    () => `\uFEFF${text}`,
    () => text.slice(0, random.below(text.length + 1)),
    () => text.slice(random.below(text.length + 1)),
    () => text.replace(/^/gm, '  '),
    () =>
      `apiVersion: v1\nkind: List\nitems:\n- ${text.replace(/^---\n/, '').replaceAll('\n', '\n  ')}`,
    () => text.trimEnd(),
    () => text.replace(/^ +/gm, (spaces) => spaces + spaces),
  ])()
}
