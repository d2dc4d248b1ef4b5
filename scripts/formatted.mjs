import { readFileSync } from 'node:fs'
import { format } from 'oxfmt'

const OPTIONS = JSON.parse(readFileSync(new URL('../.oxfmtrc.json', import.meta.url), 'utf8'))

/** A text as `npm run format` writes it. The name of its file, without folders, decides about the language. */
export async function formatted(name, text) {
  const { code, errors } = await format(name, text, OPTIONS)
  if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`)
  return code
}
