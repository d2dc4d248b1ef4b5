// Mutated manifests: reading and judging never throw, stay within bounds of work, and the narrow reader says what `yaml` says.
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
/** Facts computed for one input may not grow beyond this for each object and each pair of them. */
const RUNS_PER_OBJECT = 600
const RUNS_PER_PAIR = 30
/** Beyond the cap of problems in one document nothing is said. */
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
    return compareReaders(text) ?? judge(text, context)
  },
  show: ({ parts }) => parts.join(''),
}

/** Some documents that stand beside each other, or from anywhere. */
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
    return 'The documents are not the file.'
  for (const slice of slices) {
    const { root, problems } = parseAnyYaml(slice.text)
    if (problems.length > MAX_PROBLEMS + 1)
      return `There are ${problems.length} problems in one document.`
    const narrow = readBlockYaml(slice.text)
    if (narrow === undefined) continue
    if (problems.length > 0)
      return `The narrow reader takes what \`yaml\` complains of: ${problems[0].message}`
    if (!isDeepStrictEqual(narrow, root))
      return 'The narrow reader reads something else than `yaml`.'
  }
  return undefined
}

function judge(text, { file, fixes, base }) {
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
      return `${finding.rule} stands at ${JSON.stringify(range)}, which is not in the text.`
  return fixes ? applyFixes(found, analysis, texts) : undefined
}

/** A fix that can be rendered changes texts into others that can be read. */
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
