import type { PlainObject, PlainValue } from '../rules/fix.js'
import { isSameData } from '../yaml/edit/applyToPlain.js'
import { renderDocument } from '../yaml/edit/renderDocument.js'
import { toPlain } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'

interface Surroundings {
  readonly file: string
  /** The document after which the objects are added. */
  readonly text: string
  /** The rest of the file after that document. */
  readonly rest: string
  /** The style is taken from this text. */
  readonly like: string
}

/**
 * The text that adds objects as documents of their own. If the file does not end with a newline, it
 * still does not afterwards.
 *
 * @returns undefined for a JSON file, which contains one document, and if the text would not read
 * back as these objects.
 */
export function renderAddedDocuments(
  objects: readonly PlainObject[],
  { file, text, rest, like }: Surroundings,
): string | undefined {
  if (file.toLowerCase().endsWith('.json')) return undefined
  const eol = `${like}${rest}`.includes('\r\n') ? '\r\n' : '\n'
  const bodies = objects.map((object) => renderDocument(object, like))
  if (!bodies.every((body, index) => isSameData(plainOf(body), objects[index] ?? null)))
    return undefined
  const added = bodies.map((body) => `---${eol}${body}`).join(eol)
  const lineBreak = text === '' || /[\r\n]$/.test(text) ? '' : eol
  if (rest === '' && lineBreak !== '') return lineBreak + added
  // If the next document has no marker, it would continue the added one.
  const end = rest.trim() === '' || rest.startsWith('---') ? '' : `...${eol}`
  return lineBreak + added + eol + end
}

function plainOf(text: string): PlainValue {
  const { root, problems } = parseYaml(text)
  return root && problems.length === 0 ? (toPlain(root) as PlainValue) : null
}
