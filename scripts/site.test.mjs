import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { releaseNames, ROOT } from './release/names.mjs'
import { buildSite } from './site/build.mjs'
import { jsonContracts } from './site/contents.mjs'
import { renderDocument } from './site/render.mjs'

const REPOSITORY = 'https://github.com/example/istio-ambient-policy'
const folder = mkdtempSync(join(tmpdir(), 'site-'))
const read = (address) => readFileSync(join(folder, address), 'utf8')
let pages = []

beforeAll(() => {
  pages = buildSite(folder, { repositoryUrl: REPOSITORY, site: 'https://docs.example/policy/' })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** The values of an attribute on a page. */
function valuesOf(html, attribute) {
  return [...html.matchAll(new RegExp(`<[^>]* ${attribute}="([^"]*)"`, 'g'))].map(
    ([, value]) => value,
  )
}

/** The problem of a link; undefined if it leads to a file of the site and an anchor of it. */
function problemOf(page, link) {
  if (link.startsWith(`${REPOSITORY}/blob/HEAD/`)) {
    const [path] = link.slice(`${REPOSITORY}/blob/HEAD/`.length).split('#')
    return existsSync(join(ROOT, path)) ? undefined : `${page}: ${link} is not in the repository`
  }
  if (link.startsWith('https://')) return undefined
  const [path, anchor] = link.split('#')
  const target = path === '' ? page : posix.join(posix.dirname(page), path)
  if (!existsSync(join(folder, target))) return `${page}: ${link} does not exist`
  if (anchor === undefined || valuesOf(read(target), 'id').includes(decodeURIComponent(anchor)))
    return undefined
  return `${page}: ${link} has no such anchor`
}

describe('the site', () => {
  it('has a page for every document, decision and rule', () => {
    const documents = ['docs', 'docs/decisions', 'docs/rules'].flatMap((path) =>
      readdirSync(join(ROOT, path)).filter((name) => name.endsWith('.md')),
    )
    // The overview and the pages about JSON, the architecture, contributing, benchmarks and changes.
    expect(pages.length).toBe(documents.length + 6)
    expect(new Set(pages).size).toBe(pages.length)
    for (const page of pages) expect(read(page)).toMatch(/<h1 id="[^"]+">/)
  })

  it('every link and every image leads to a file and an anchor', () => {
    const problems = pages.flatMap((page) => {
      const html = read(page)
      const links = [...valuesOf(html, 'href'), ...valuesOf(html, 'src')]
      return links.flatMap((link) => problemOf(page, link) ?? [])
    })
    expect(problems).toEqual([])
  })

  it('every page can be reached from the overview', () => {
    const reached = new Set(['index.html'])
    for (const page of reached)
      for (const link of valuesOf(read(page), 'href')) {
        const target = posix.join(posix.dirname(page), link.split('#')[0])
        if (pages.includes(target)) reached.add(target)
      }
    expect([...reached].sort()).toEqual([...pages].sort())
  })

  it('pages have different titles, a language, a main part, and the current page in the navigation', () => {
    const titles = pages.map((page) => /<title>(.*)<\/title>/.exec(read(page))[1])
    expect(new Set(titles).size).toBe(pages.length)
    for (const page of pages) {
      const html = read(page)
      expect(html).toContain('<html lang="en">')
      expect(html.match(/<main id="content">/g)).toHaveLength(1)
      expect(html.match(/aria-current="page"/g)?.length ?? 0).toBe(
        /^rules\/(?!index)/.test(page) ? 0 : 1,
      )
    }
  })

  it('loads nothing from other sites, and runs no script', () => {
    for (const page of pages) {
      const html = read(page)
      expect(html).not.toMatch(/<script/i)
      expect(valuesOf(html, 'src').filter((source) => source.includes(':'))).toEqual([])
      expect(html).toContain("default-src 'none'")
    }
    expect(read('style.css')).not.toMatch(/url\(|@import/)
  })

  it('with a base URL, pages have their addresses', () => {
    expect(read('rules/index.html')).toContain(
      '<link rel="canonical" href="https://docs.example/policy/rules/">',
    )
    expect(read('sitemap.txt').trimEnd().split('\n')).toHaveLength(pages.length)
    const other = join(folder, 'other')
    buildSite(other, { ...releaseNames(), site: '' })
    expect(readFileSync(join(other, 'index.html'), 'utf8')).not.toContain('canonical')
    expect(existsSync(join(other, 'sitemap.txt'))).toBe(false)
    rmSync(other, { recursive: true })
  })

  it('the JSON contracts are those that the tests of the command line check', () => {
    const cli = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')
    const names = [...cli.matchAll(/^```json (.+)$/gm)].map(([, name]) => name)
    expect(names.length).toBeGreaterThan(5)
    for (const name of names) expect(jsonContracts(cli)).toContain(`## ${name}\n`)
  })
})

describe('a document', () => {
  const render = (text) =>
    renderDocument(text, {
      file: 'docs/a.md',
      root: ROOT,
      repository: REPOSITORY,
      addressOf: (file) => ({ 'docs/a.md': 'a.html', 'README.md': 'index.html' })[file],
    })

  it('links pages of the site, files of the repository and other sites', () => {
    const { html } = render('[a](../README.md#b) [c](../LICENSE) [d](https://istio.io) [e](#f)')
    expect(valuesOf(html, 'href')).toEqual([
      'index.html#b',
      `${REPOSITORY}/blob/HEAD/LICENSE`,
      'https://istio.io',
      '#f',
    ])
  })

  it('with a link to a file that is missing is an error', () => {
    expect(() => render('[a](b.md)')).toThrow('docs/a.md links b.md, which is missing.')
  })

  it('has the anchors of GitHub, also for headings with the same text', () => {
    const { html, title } = render('# The `a` & b\n\n## c\n\n## c\n')
    expect(valuesOf(html, 'id')).toEqual(['the-a--b', 'c', 'c-1'])
    expect(title).toBe('The a & b')
  })

  it('has code and tables that scroll with the keyboard', () => {
    expect(render('```sh\na\n```\n\n    b\n').html.match(/<pre tabindex="0">/g)).toHaveLength(2)
    expect(render('| a |\n| --- |\n| b |\n').html).toContain('<div class="table" tabindex="0">')
  })

  it('leaves out the marks of generated parts', () => {
    expect(render('a\n\n<!-- x:begin (generated) -->\n\nb').html).toBe('<p>a</p>\n<p>b</p>\n')
  })
})
