import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { pageWords } from './pageWords.js'
import { viewPage } from './viewPage.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PARTS = {
  source: 'https://own.example',
  style: 'https://own.example/view.css',
  script: 'https://own.example/webview.js',
  nonce: 'n0nce',
  language: 'en',
  words: { ...pageWords(), find: '"><script>alert(1)</script>' },
}

/** XML namespaces: addresses that are never loaded. */
const XML_NAMESPACES = [
  'http://www.w3.org/2000/svg',
  'http://www.w3.org/1999/xhtml',
  'http://www.w3.org/2000/xmlns/',
  'http://www.w3.org/1999/xlink',
]

/** Parts of a script or style sheet that load something, or run or create markup from text. */
function unsafePartsOf(text: string): string[] {
  const addresses = (
    text.match(/\b(?:https?:\/\/|wss?:\/\/|data:[a-z]+\/|blob:)[^\s"'`)]*/g) ?? []
  ).filter((address) => !XML_NAMESPACES.includes(address))
  return [
    ...addresses,
    ...(text.match(
      /\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|importScripts|sendBeacon|RTCPeerConnection|eval)\b|\bnew Function\b|\bimport\(|@import|\burl\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write/g,
    ) ?? []),
  ]
}

describe('viewPage', () => {
  const page = viewPage(PARTS)

  it('the page can load only its own style and script', () => {
    const policies = [
      ...page.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g),
    ].map(([, content]) => content)
    expect(policies).toEqual([
      "default-src 'none'; style-src https://own.example; script-src 'nonce-n0nce'; base-uri 'none'; form-action 'none'",
    ])
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<link'))
    expect(
      [...page.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)].map(([, attributes, text]) => [
        attributes,
        text,
      ]),
    ).toEqual([[' nonce="n0nce" src="https://own.example/webview.js"', '']])
    expect([...page.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address)).toEqual([
      PARTS.style,
      PARTS.script,
    ])
    expect(page).not.toMatch(/\sstyle=|<style|\son[a-z]+=|unsafe/)
  })

  it('the page has the language and the words of the editor, which are no markup', () => {
    expect(page).toContain('<html lang="en">')
    expect(page).toContain('data-words="{&quot;picture&quot;:&quot;Picture&quot;,')
    expect(page).toContain('&quot;find&quot;:&quot;\\&quot;&gt;&lt;script&gt;')
  })

  it('the script and styles of the page load nothing and create no elements from text', () => {
    const script = readFileSync(join(testBundle('webview'), 'webview.js'), 'utf8')
    expect(unsafePartsOf(script)).toEqual([])
    const media = join(ROOT, 'client/media')
    const styles = readdirSync(media).filter((name) => name.endsWith('.css'))
    expect(styles).toContain('view.css')
    for (const name of styles)
      expect(unsafePartsOf(readFileSync(join(media, name), 'utf8'))).toEqual([])
  })

  it('unsafe parts of a script are found, and XML namespaces are not', () => {
    expect(
      unsafePartsOf(
        'a.src = "https://elsewhere.example/x.js"; fetch(b); c.innerHTML = d; @import "e"; background: url(f)',
      ),
    ).toEqual(['https://elsewhere.example/x.js', 'fetch', 'innerHTML', '@import', 'url('])
    expect(unsafePartsOf('createElementNS("http://www.w3.org/2000/svg", "g")')).toEqual([])
  })
})
