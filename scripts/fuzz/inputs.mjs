// Damaged manifests: reading and checking must not throw, the amount of work is limited, and the fast YAML reader
// must agree with `yaml`.
import { isDeepStrictEqual } from 'node:util'
import { Analysis, applyTextEdits, sourceLookupOf, renderEdits } from '../../shared/src/index.ts'
import { parseAnyYaml } from '../../shared/src/yaml/parseYaml.ts'
import { readBlockYaml } from '../../shared/src/yaml/readBlockYaml.ts'
import { splitDocuments } from '../../shared/src/yaml/splitDocuments.ts'
import { findingsOf, liesIn, linesOf } from './findings.mjs'
import { mutate } from './mutate.mjs'

const NAMES = [
  'a.yaml',
  'a.yaml',
  'a.yaml',
  'a.yaml',
  'chart/templates/a.yaml',
  'values.yaml',
  'kustomization.yaml',
  'chart/Chart.yaml',
  'a.json',
]
/** Maximum number of facts per object, and per pair of objects. */
const RUNS_PER_OBJECT = 600
const RUNS_PER_PAIR = 30
/** Maximum number of reported problems in one document. */
const MAX_PROBLEMS = 5

export const inputs = {
  name: 'inputs',
  count: 25_000,
  draw(random, corpus) {
    const text = start(random, corpus)
    const changes = 1 + random.below(random.chance(20) ? 12 : 4)
    const mutated = Array.from({ length: changes }).reduce(
      (before) => mutate(before, random, corpus),
      text,
    )
    return {
      context: {
        file: random.pick(NAMES),
        fixes: random.chance(12),
        base: random.chance(30) ? random.pick(corpus.mentioned) : '',
      },
      parts: mutated.split(/(?<=\n)/),
      units: 1,
    }
  },
  check({ context, parts }) {
    const text = parts.join('')
    return compareReaders(text) ?? check(text, context)
  },
  show: ({ parts }) => parts.join(''),
}

/** Some neighbouring documents, or documents of any files. */
function start(random, { files, mentioned, documents }) {
  const { documents: list } = random.pick(files)
  const from = random.below(list.length)
  const near = random.chance(60)
    ? list.slice(from, from + 1 + random.below(3))
    : Array.from({ length: 1 + random.below(3) }, () =>
        random.pick(random.chance(80) ? mentioned : documents),
      )
  return near
    .map((document, index) =>
      index > 0 && !document.startsWith('---') ? `---\n${document}` : document,
    )
    .map((document) => (document.endsWith('\n') ? document : `${document}\n`))
    .join('')
}

function compareReaders(text) {
  const slices = splitDocuments(text)
  const whole = slices.map((slice) => slice.text).join('')
  if (whole !== (text.startsWith('\uFEFF') ? text.slice(1) : text))
    return 'The documents together are not the file.'
  for (const slice of slices) {
    const { root, problems } = parseAnyYaml(slice.text)
    if (problems.length > MAX_PROBLEMS + 1)
      return `There are ${problems.length} problems in one document.`
    const narrow = readBlockYaml(slice.text)
    if (narrow === undefined) continue
    if (problems.length > 0)
      return `The fast reader accepts a text that \`yaml\` rejects: ${problems[0].message}`
    if (!isDeepStrictEqual(narrow, root))
      return 'The fast reader and `yaml` have different results.'
  }
  return undefined
}

function check(text, { file, fixes, base }) {
  const texts = new Map([[file, text], ...(base === '' ? [] : [['base.yaml', base]])])
  const analysis = new Analysis({
    settings: {},
    world: 'open',
    levels: {},
    readText: (name) => texts.get(name),
  })
  analysis.update([...texts].map(([name, content]) => ({ file: name, text: content })))
  const objects = [...analysis.files.values()].reduce(
    (sum, { documents }) =>
      sum + documents.reduce((count, { facts }) => count + facts.resources.length, 0),
    0,
  )
  const found = findingsOf(analysis, [...texts.keys()])
  if (analysis.mesh.runs > RUNS_PER_OBJECT * (objects + 1) + RUNS_PER_PAIR * objects * objects)
    return `${analysis.mesh.runs} facts were computed for ${objects} objects.`
  const lines = new Map([...texts].map(([name, content]) => [name, linesOf(content)]))
  for (const { file: name, finding, range } of found)
    if (!liesIn(range, lines.get(name)))
      return `${finding.rule} is at ${JSON.stringify(range)}, which is outside the text.`
  return fixes ? applyFixes(found, analysis, texts) : undefined
}

/** The files must still be readable after each fix. */
function applyFixes(found, analysis, texts) {
  const host = sourceLookupOf(analysis, (name) => texts.get(name))
  for (const { finding } of found.slice(0, 5)) {
    for (const fix of finding.fixes) {
      for (const { file, edits } of renderEdits(fix.edits, host) ?? []) {
        const fixed = applyTextEdits(texts.get(file) ?? '', edits)
        const after = new Analysis({
          settings: {},
          world: 'open',
          levels: {},
          readText: () => undefined,
        })
        after.update([{ file, text: fixed }])
        findingsOf(after, [file])
      }
    }
  }
  return undefined
}
