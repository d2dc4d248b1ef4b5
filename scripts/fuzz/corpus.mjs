// The texts that the fuzzer damages.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { splitDocuments } from '../../shared/src/yaml/splitDocuments.ts'
import { hostileFiles } from '../../test-fixtures/hostile/inputs.mjs'

/** Larger files are left out, because they only make each case slower. */
const MAX_FILE = 60_000
const MAX_DOCUMENT = 6_000

/**
 * The manifests below some folders, and the small files of the hostile set: all `files`, their `documents`, the
 * `mentioned` documents (with a kind that the analysis uses), and `folders` with files of one mesh.
 */
export function readCorpus(folders) {
  const files = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true })
        .sort()
        .map((path) => join(folder, path)),
    )
    .filter(
      (path) =>
        /\.(ya?ml|json)$/i.test(path) && statSync(path).isFile() && statSync(path).size < MAX_FILE,
    )
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
  const hostile = [...hostileFiles({ big: false })].flatMap(([path, content]) =>
    typeof content === 'string' && content.length < MAX_DOCUMENT ? [{ path, text: content }] : [],
  )
  const all = [...files, ...hostile]
    .map((file) => ({
      ...file,
      documents: splitDocuments(file.text)
        .map(({ text }) => text)
        .filter((text) => text.length < MAX_DOCUMENT && text.trim() !== ''),
    }))
    .filter(({ documents }) => documents.length > 0)
  const documents = [...new Set(all.flatMap((file) => file.documents))]
  const byFolder = new Map()
  for (const file of all)
    byFolder.set(dirname(file.path), [...(byFolder.get(dirname(file.path)) ?? []), file])
  return {
    files: all,
    documents,
    mentioned: documents.filter((text) =>
      /istio\.io|ambient|^kind: (Namespace|Service|ServiceAccount|Pod|Deployment|Gateway|NetworkPolicy)\b/m.test(
        text,
      ),
    ),
    folders: [...byFolder.values()].filter((list) => list.length > 1 && list.length < 15),
  }
}
