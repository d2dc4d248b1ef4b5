// Markdown documents of the repository as HTML pages.
import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import MarkdownIt from 'markdown-it'
import { anchorOf } from '../citations.mjs'

/**
 * Renders a document.
 *
 * @param {string} text
 * @param {{ file: string, root: string, addressOf: (file: string) => string | undefined, repository: string }} options
 *   `addressOf`: where the site has a file of the repository, relative to its root
 * @returns the HTML, the title, and the images that the page shows
 */
export function renderDocument(text, { file, root, addressOf, repository }) {
  const images = new Set()
  const resolve = (target, isImage) => {
    if (/^[a-z]+:/.test(target) || target.startsWith('#')) return target
    const [path, anchor] = target.split('#')
    const found = posix.join(posix.dirname(file), path)
    const hash = anchor === undefined ? '' : `#${anchor}`
    if (isImage) images.add(found)
    const address = isImage ? found : addressOf(found)
    if (address !== undefined) return `${relativeAddress(addressOf(file), address)}${hash}`
    if (!existsSync(`${root}${found}`))
      throw new Error(`${file} links ${target}, which is missing.`)
    return `${repository}/blob/HEAD/${found}${hash}`
  }
  const markdown = createMarkdown(resolve)
  const env = {}
  const tokens = markdown.parse(text.replace(/^<!--[\s\S]*?-->$/gm, ''), env)
  const heading = tokens.findIndex(({ type }) => type === 'heading_open')
  return {
    html: markdown.renderer.render(tokens, markdown.options, env),
    title: tokens[heading + 1]?.content.replaceAll('`', '') ?? file,
    images,
  }
}

/** The address of a page from another page. */
export function relativeAddress(from, to) {
  return posix.relative(posix.dirname(from), to)
}

function createMarkdown(resolve) {
  const markdown = new MarkdownIt({ html: true })
  const { rules } = markdown.renderer
  rules.heading_open = (tokens, at, options, env) => {
    const anchors = (env.anchors ??= new Map())
    const anchor = anchorOf(tokens[at + 1].content)
    const count = anchors.get(anchor) ?? 0
    anchors.set(anchor, count + 1)
    tokens[at].attrSet('id', count === 0 ? anchor : `${anchor}-${count}`)
    return markdown.renderer.renderToken(tokens, at, options)
  }
  rules.link_open = (tokens, at, options) => {
    tokens[at].attrSet('href', resolve(tokens[at].attrGet('href'), false))
    return markdown.renderer.renderToken(tokens, at, options)
  }
  const { image } = rules
  rules.image = (tokens, at, options, env, self) => {
    tokens[at].attrSet('src', resolve(tokens[at].attrGet('src'), true))
    return image(tokens, at, options, env, self)
  }
  // Wide code and wide tables scroll by themselves, also with the keyboard.
  for (const name of ['fence', 'code_block']) {
    const block = rules[name]
    rules[name] = (...args) => block(...args).replace('<pre>', '<pre tabindex="0">')
  }
  rules.table_open = () => '<div class="table" tabindex="0"><table>\n'
  rules.table_close = () => '</table></div>\n'
  return markdown
}
