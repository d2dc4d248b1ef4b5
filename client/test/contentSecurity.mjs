// Checks the content security policy of the page of a panel.
import { strict as assert } from 'node:assert'
import { pageOfPanel } from './accessibility.mjs'
import { LIMIT_MILLISECONDS } from './until.mjs'

/**
 * Fails if the page of the panel can load anything from outside the extension, or run a script that is not part of
 * it.
 */
export async function checkContentSecurity(page) {
  const blocked = await pageOfPanel(page).evaluate(async (limit) => {
    const seen = new Set()
    const expected = [
      'connect-src',
      'img-src',
      'script-src-elem',
      'script-src-attr',
      'style-src-attr',
      'style-src-elem',
      'frame-src',
      'font-src',
    ]
    const all = new Promise((resolve) => {
      document.addEventListener(
        'securitypolicyviolation',
        ({ effectiveDirective, disposition }) => {
          if (disposition === 'enforce') seen.add(effectiveDirective)
          if (expected.every((directive) => seen.has(directive))) resolve()
        },
      )
    })
    const add = (name, attributes, text = '') => {
      const element = document.createElement(name)
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
      element.textContent = text
      document.body.append(element)
      element.remove()
    }
    fetch(location.origin).then(
      () => seen.add('fetched'),
      () => undefined,
    )
    const outside = new URL('/favicon.ico', location.origin).href
    add('img', { src: outside })
    add('script', {}, 'globalThis.ran = true')
    add('div', { onclick: 'globalThis.ran = true' })
    add('div', { style: 'color: red' })
    add('style', {}, '@font-face { font-family: x; src: url(/x.woff) }')
    add('iframe', { src: outside })
    new FontFace('y', `url(${outside})`).load().then(
      () => seen.add('loaded'),
      () => undefined,
    )
    await Promise.race([
      all,
      new Promise((resolve) => {
        setTimeout(resolve, limit)
      }),
    ])
    return {
      seen: [...seen].sort(),
      missing: expected.filter((directive) => !seen.has(directive)),
      ran: globalThis.ran === true,
    }
  }, LIMIT_MILLISECONDS)
  assert.deepEqual(blocked.missing, [], `Blocked: ${blocked.seen.join(', ')}.`)
  assert.equal(blocked.ran, false)
  assert.ok(!blocked.seen.includes('fetched') && !blocked.seen.includes('loaded'))
}
