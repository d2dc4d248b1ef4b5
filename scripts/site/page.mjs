// The frame of each page: no script, no file of another site.
import { readManifest } from '../readManifest.mjs'

const { displayName: name } = readManifest()

/**
 * @param {{ title: string, html: string, address: string, navigation: readonly { title: string, pages: readonly
 *   { address: string, title: string }[] }[], site: string, hrefOf: (address: string) => string }} page
 *   `site`: the base URL, or an empty text
 */
export function pageHtml({ title, html, address, navigation, site, hrefOf }) {
  const full = title === name ? name : `${title} · ${name}`
  const canonical =
    site === '' ? '' : `\n  <link rel="canonical" href="${escapeHtml(urlOf(site, address))}">`
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(full)}</title>${canonical}
  <link rel="icon" href="${hrefOf('icon.svg')}" type="image/svg+xml">
  <link rel="stylesheet" href="${hrefOf('style.css')}">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<nav aria-label="Documents">
<a class="home" href="${hrefOf('index.html')}">${name}</a>
${navigation.map((section) => sectionHtml(section, { address, hrefOf })).join('\n')}
</nav>
<main id="content">
${html}</main>
</body>
</html>
`
}

/** The URL of a page. */
export function urlOf(site, address) {
  return `${site.replace(/\/$/, '')}/${address.replace(/(^|\/)index\.html$/, '$1')}`
}

function sectionHtml({ title, pages }, { address, hrefOf }) {
  const items = pages.map((page) => {
    const current = page.address === address ? ' aria-current="page"' : ''
    return `<li><a href="${hrefOf(page.address)}"${current}>${escapeHtml(page.title)}</a></li>`
  })
  return `<h2>${title}</h2>\n<ul>\n${items.join('\n')}\n</ul>`
}

function escapeHtml(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
