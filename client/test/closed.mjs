// What the page of a panel tries in vain.
import { strict as assert } from 'node:assert'
import { pageOfPanel } from './accessibility.mjs'

/** Fails where the page of the panel could reach something outside the extension, or run what did not come with it. */
export async function checkClosed(page) {
  const refused = await pageOfPanel(page).evaluate(async () => {
    const seen = new Set()
    const asked = [
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
          if (asked.every((directive) => seen.has(directive))) resolve()
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
        setTimeout(resolve, 10_000)
      }),
    ])
    return {
      seen: [...seen].sort(),
      missing: asked.filter((directive) => !seen.has(directive)),
      ran: globalThis.ran === true,
    }
  })
  assert.deepEqual(refused.missing, [], `Refused: ${refused.seen.join(', ')}.`)
  assert.equal(refused.ran, false)
  assert.ok(!refused.seen.includes('fetched') && !refused.seen.includes('loaded'))
}
