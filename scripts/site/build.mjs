// Builds the site of the documents.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { releaseNames, ROOT } from '../release/names.mjs'
import { COPIED, jsonContracts, pageOf, rulePages, sections } from './contents.mjs'
import { pageHtml, urlOf } from './page.mjs'
import { relativeAddress, renderDocument } from './render.mjs'

/**
 * Writes all pages, images and the style. Throws for a link to a file that does not exist.
 *
 * @param {string} folder is emptied first
 * @returns {string[]} the addresses of the pages
 */
export function buildSite(folder, { repositoryUrl, site } = releaseNames()) {
  rmSync(folder, { recursive: true, force: true })
  const structure = sections()
  const files = [...structure.flatMap((section) => section.files), ...rulePages()]
  const addresses = new Map([
    ...files.map((file) => [file, pageOf(file)]),
    ...Object.entries(COPIED),
  ])
  const rendered = new Map(
    files.map((file) => [
      file,
      renderDocument(textOf(file), {
        file,
        root: ROOT,
        repository: repositoryUrl,
        addressOf: (target) => addresses.get(target),
      }),
    ]),
  )
  const navigation = structure.map((section) => ({
    title: section.title,
    pages: section.files.map((file) => ({
      address: addresses.get(file),
      title: file === 'README.md' ? 'Overview' : rendered.get(file).title,
    })),
  }))
  const copy = (from, to) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    copyFileSync(join(ROOT, from), join(folder, to))
  }
  for (const [file, { html, title, images }] of rendered) {
    const address = addresses.get(file)
    const hrefOf = (target) => relativeAddress(address, target)
    mkdirSync(dirname(join(folder, address)), { recursive: true })
    writeFileSync(
      join(folder, address),
      pageHtml({ title, html, address, navigation, site, hrefOf }),
    )
    for (const image of images) copy(image, image)
  }
  for (const [from, to] of Object.entries(COPIED)) copy(from, to)
  const pages = files.map((file) => addresses.get(file))
  if (site !== '')
    writeFileSync(
      join(folder, 'sitemap.txt'),
      pages.map((address) => `${urlOf(site, address)}\n`).join(''),
    )
  return pages
}

function textOf(file) {
  const read = (path) => readFileSync(join(ROOT, path), 'utf8')
  return file === 'docs/json.md' ? jsonContracts(read('docs/cli.md')) : read(file)
}
