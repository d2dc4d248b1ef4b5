import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MISTAKES, SHOWN_FINDINGS } from './commands/mistakes.js'
import { PAGE_WORDS } from './views/pageWord.js'
import { pageWords } from './views/pageWords.js'
import { computedTexts, untranslatedTexts } from './testing/untranslatedTexts.js'

/** Files with SVG, Mermaid, CSS or HTML. Their words come from other files. */
const OTHER_LANGUAGES = [
  'src/picture/drawPicture.ts',
  'src/picture/toMermaid.ts',
  'src/picture/toSvgText.ts',
  'src/views/viewPage.ts',
]
/** Names, and texts that are compared with those of another program. */
const NOT_TRANSLATED = [
  'AuthorizationPolicy',
  // The code of an error of VS Code.
  'FileNotFound',
  // A group of clients in the answers of the server.
  'clients outside the mesh',
  // A protocol, and a path of a field.
  ': TCP',
  ', rules[{}]',
  // An example of a log line.
  'error access connection complete src.addr=…',
  // Markdown, and the name of a kind before a field.
  '{}, rules[{}]',
  '```mermaid\n{}```\n',
  // Titles of fixes in the answers of the server.
  ...Object.values({ ...MISTAKES, ...SHOWN_FINDINGS }),
]
/** Keys, CSS classes and attributes of the page. */
const OF_PAGE = [
  'ArrowRight',
  'ArrowLeft',
  'ArrowDown',
  'ArrowUp',
  'Home',
  'End',
  'Enter',
  'verdict {}',
  'link {}',
]
/** Icons before a translated text. */
const isIcon = (text: string): boolean => /^\$\([a-z]+\) \{\}$/.test(text)
/** The names of the parts of a picture, which are attributes. */
const isPart = (text: string): boolean => /^(node|edge) \{\}$/.test(text)

const folder = new URL('../', import.meta.url)

function filesOf(root: string): string[] {
  return readdirSync(new URL(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${root}/${name}`)
    .filter((name) => /\.ts$/.test(name) && !/\.(test|d)\.ts$|\/testing\//.test(name))
}

const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

describe('the client', () => {
  it('all texts that a user sees can be translated', () => {
    const texts = [...filesOf('src'), ...filesOf('webview')]
      .filter((name) => !OTHER_LANGUAGES.includes(name))
      .flatMap((name) =>
        untranslatedTexts(read(name))
          .filter((text) => !NOT_TRANSLATED.includes(text) && !isIcon(text) && !isPart(text))
          .filter((text) => !(name.startsWith('webview/') && OF_PAGE.includes(text)))
          .map((text) => `${name}: ${text}`),
      )
    expect(texts).toEqual([])
  })

  it('each translated text is written in full, so that a tool can collect it', () => {
    const files = filesOf('src')
    expect(files.some((name) => read(name).includes('l10n.t('))).toBe(true)
    expect(files.flatMap((name) => computedTexts(read(name)))).toEqual([])
  })

  it('the page uses each of its texts, and has no other', () => {
    const used = filesOf('webview').flatMap((name) =>
      [...read(name).matchAll(/\bword\(\s*'(\w+)'/g)].flatMap(([, word]) => word ?? []),
    )
    expect([...new Set(used)].sort()).toEqual([...PAGE_WORDS].sort())
    expect(Object.keys(pageWords()).sort()).toEqual([...PAGE_WORDS].sort())
  })
})

describe('untranslatedTexts', () => {
  it.each([
    ["show('No request is allowed.')", ['No request is allowed.']],
    ["const verdict = 'Denied'", ['Denied']],
    ["pick({ label: 'none' })", ['none']],
    ['show(`${count} errors are left`)', ['{} errors are left']],
    ["show(l10n.t('{0} is new', 'The Service'))", ['The Service']],
  ])('finds the texts of %s', (code, expected) => {
    expect(untranslatedTexts(code)).toEqual(expected)
  })

  it.each([
    "import x from './some file.js'",
    "show(l10n.t('No request is allowed.'))",
    "run('istioAmbientPolicy.evaluate')",
    "type A = 'Two words'",
    'const key = `${rule}-${line}`',
  ])('finds nothing in %s', (code) => {
    expect(untranslatedTexts(code)).toEqual([])
  })

  it('a text that is computed is found', () => {
    expect(computedTexts("l10n.t('a'); l10n.t(`b ${c}`); l10n.t(d)")).toEqual(['`b ${c}`', 'd'])
  })
})
