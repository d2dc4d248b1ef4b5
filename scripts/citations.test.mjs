import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { anchorsOf, citationsIn, linksIn, sectionsOf } from './citations.mjs'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const SEMANTICS = 'docs/semantics.md'
const KNOWLEDGE = 'docs/knowledge.md'
/** This file, whose examples are not citations. */
const THIS_FILE = 'scripts/citations.test.mjs'

const read = (file) => readFileSync(join(ROOT, file), 'utf8')

function filesIn(folder, ending) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      return ['node_modules', 'dist'].includes(entry.name) ? [] : filesIn(path, ending)
    return ending.test(entry.name) ? [path.split(sep).join('/')] : []
  })
}

const SOURCES = ['shared', 'server', 'client', 'scripts']
  .flatMap((folder) => filesIn(folder, /\.(ts|mjs)$/))
  .filter((file) => file !== THIS_FILE)
const DOCUMENTS = filesIn('docs', /\.md$/)
const SECTIONS = new Map(DOCUMENTS.map((file) => [file, sectionsOf(read(file))]))

/**
 * A comment cites a document by its path from the root. A document cites itself without a name, and others by their
 * name.
 */
function citedDocument(file, document) {
  if (!file.startsWith('docs/')) return document
  if (document === '') return file
  return document === 'semantics.md' || document === 'knowledge.md' ? `docs/${document}` : document
}

/** The citations of a file whose section does not exist. */
function brokenIn(file, text = read(file)) {
  return citationsIn(text)
    .filter(({ document, section }) => {
      if (document === 'YAML 1.2.2') return false
      return SECTIONS.get(citedDocument(file, document))?.has(section) !== true
    })
    .map(({ document, section, line }) => `${file}:${line}: ${document} §${section}`)
}

describe('citations of sections', () => {
  it('all citations in comments and documents lead to sections that exist', () => {
    expect([...SOURCES, ...DOCUMENTS].flatMap((file) => brokenIn(file))).toEqual([])
  })

  it('citations are found in source files and in documents', () => {
    const cited = (files) => files.flatMap((file) => citationsIn(read(file))).length
    expect(cited(SOURCES)).toBeGreaterThan(100)
    expect(cited([SEMANTICS])).toBeGreaterThan(100)
    expect(cited([KNOWLEDGE])).toBeGreaterThan(10)
  })

  it('a citation is broken without a document, with a wrong document and with a wrong section', () => {
    expect(
      brokenIn(
        'shared/src/a.ts',
        [
          '/** Right (docs/semantics.md §2.1, §2.2), docs/knowledge.md §4 and YAML 1.2.2 §8.2.2. */',
          '// bare (§2.1)',
          '// short semantics §2.1, `docs/semantics.md` §2.1 and semantics.md §2.1',
          '// missing docs/semantics.md §2.1, §2.99',
        ].join('\n'),
      ),
    ).toEqual([
      'shared/src/a.ts:2:  §2.1',
      'shared/src/a.ts:3:  §2.1',
      'shared/src/a.ts:3:  §2.1',
      'shared/src/a.ts:3: semantics.md §2.1',
      'shared/src/a.ts:4: docs/semantics.md §2.99',
    ])
  })

  it('a citation can continue on the next line of a comment', () => {
    const comment = [
      '/**',
      ' * Words (docs/semantics.md',
      ' * §2.1,',
      ' * §2.2 and §2.3–§2.5).',
      ' */',
    ]
    expect(
      citationsIn(comment.join('\n')).map(
        ({ document, section, line }) => `${line} ${document} ${section}`,
      ),
    ).toEqual([
      '3 docs/semantics.md 2.1',
      '4 docs/semantics.md 2.2',
      '4 docs/semantics.md 2.3',
      '4 docs/semantics.md 2.5',
    ])
  })
})

describe('links of the documents', () => {
  it('all links of the documents lead to files and headings that exist', () => {
    const broken = DOCUMENTS.flatMap((file) =>
      linksIn(read(file))
        .filter((link) => {
          const [path, anchor] = link.split('#')
          const target = path === '' ? file : join(dirname(file), path).split(sep).join('/')
          const text = textOf(target)
          return text === undefined || (anchor !== undefined && !anchorsOf(text).has(anchor))
        })
        .map((link) => `${file}: ${link}`),
    )
    expect(broken).toEqual([])
  })
})

function textOf(file) {
  return existsSync(join(ROOT, file)) ? read(file) : undefined
}
