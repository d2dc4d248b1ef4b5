// node monokle.mjs MODULES FOLDER: runs @monokle/validation on a folder, with the plugins that work without a
// network. Prints the number of results.
import { readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseAllDocuments } from 'yaml'

const [modules, folder] = process.argv.slice(2)
const { createDefaultMonokleValidator } = await import(
  pathToFileURL(`${modules}/@monokle/validation/lib/node.js`).href
)
const resources = []
for (const path of readdirSync(folder, { recursive: true })
  .filter((name) => /\.ya?ml$/.test(name))
  .sort()) {
  const text = readFileSync(`${folder}/${path}`, 'utf8')
  for (const document of parseAllDocuments(text, { logLevel: 'silent' })) {
    if (document.errors.length > 0) continue
    const content = document.toJS()
    if (typeof content?.kind !== 'string' || typeof content.apiVersion !== 'string') continue
    const [start, end] = document.range
    resources.push({
      id: `${path}-${resources.length}`,
      fileId: path,
      filePath: path,
      fileOffset: start,
      name: String(content.metadata?.name ?? ''),
      namespace: content.metadata?.namespace,
      apiVersion: content.apiVersion,
      kind: content.kind,
      content,
      text: text.slice(start, end),
    })
  }
}
const validator = createDefaultMonokleValidator()
await validator.preload({
  plugins: {
    'yaml-syntax': true,
    'resource-links': true,
    practices: true,
    metadata: true,
    'open-policy-agent': false,
    'kubernetes-schema': false,
    'pod-security-standards': false,
  },
})
const { runs } = await validator.validate({ resources })
console.log(
  resources.length,
  runs.reduce((sum, { results }) => sum + results.length, 0),
)
process.exit(0)
