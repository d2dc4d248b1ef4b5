import { noiseFile } from './noise.mjs'
import { APPS_PER_NAMESPACE } from './names.mjs'
import { appDocuments, namespaceDocuments } from './objects.mjs'
import { randomOf } from './random.mjs'

/** The number of documents in a file, with weights: most files have one document, some up to a hundred. */
const BUNDLES = [
  [45, 0, 0],
  [30, 1, 3],
  [15, 4, 11],
  [7, 10, 29],
  [3, 40, 99],
]

function bundleSize(random) {
  let at = random.below(100)
  for (const [weight, from, to] of BUNDLES) {
    if (at < weight) return from + random.below(to - from + 1)
    at -= weight
  }
  return 0
}

/** A workspace with `files` files; 30 percent have no object that the analysis uses. */
export function* workspaceFiles({ files, documents, seed }) {
  const random = randomOf(seed)
  const noise = Math.floor((files * 3) / 10)
  const sizes = dealDocuments(random, { files: files - noise, documents: documents - noise })
  const apps = Math.max(APPS_PER_NAMESPACE, Math.floor(documents / 7))
  const source = documentsOf({ random, apps })
  let index = 0
  for (const size of sizes) {
    const taken = Array.from({ length: size }, () => source.next().value)
    yield [pathOf(index++, random), fileText(taken, random)]
  }
  for (let made = 0; made < noise;) {
    const some = [...noiseFile(made, random)].slice(0, noise - made)
    yield* some
    made += some.length
  }
}

/** The number of documents of each file: one each, the rest by weight. */
function dealDocuments(random, { files, documents }) {
  const sizes = Array.from({ length: files }, () => 1)
  let left = documents - files
  for (let index = 0; left > 0; index = (index + 1) % files) {
    const extra = Math.min(left, bundleSize(random))
    sizes[index] += extra
    left -= extra
  }
  return sizes
}

/** Endless documents: one namespace after the other, each with its apps. */
function* documentsOf({ random, apps }) {
  for (let app = 0; ; app++) {
    if (app % APPS_PER_NAMESPACE === 0) yield* namespaceDocuments(app / APPS_PER_NAMESPACE, random)
    yield* appDocuments(app, { random, apps })
  }
}

function pathOf(index, random) {
  return `clusters/c${index % 7}/area-${Math.floor(index / 40)}/file-${index}.${random.chance(20) ? 'yml' : 'yaml'}`
}

function fileText(documents, random) {
  const text = (random.chance(30) ? '---\n' : '') + documents.join('---\n')
  return random.chance(5) ? text.replaceAll('\n', '\r\n') : text
}

export function* hugeFile({ documents, seed }) {
  const random = randomOf(seed)
  const source = documentsOf({ random, apps: Math.floor(documents / 7) })
  yield ['huge.yaml', Array.from({ length: documents }, () => source.next().value).join('---\n')]
}
