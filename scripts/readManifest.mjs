// The manifest of the extension with its texts: `%key%` stands for a text of `package.nls.json`.
import { readFileSync } from 'node:fs'

const read = (file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')

/** The manifest as VS Code shows it in English. Throws if a text is missing. */
export function readManifest() {
  const texts = JSON.parse(read('package.nls.json'))
  return JSON.parse(read('package.json'), (_, value) => {
    const key = typeof value === 'string' ? /^%(.+)%$/.exec(value)?.[1] : undefined
    if (key === undefined) return value
    if (!Object.hasOwn(texts, key)) throw new Error(`package.nls.json has no text ${key}.`)
    return texts[key]
  })
}
