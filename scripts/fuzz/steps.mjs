// Steps of a user and of other programs in a workspace: typing, pasting and cutting documents, opening and closing
// files, writing, renaming and deleting files.
import { splitDocuments } from '../../shared/src/yaml/splitDocuments.ts'

const NAMES = [
  'a.yaml',
  'b.yaml',
  'sub/c.yaml',
  'sub/d.yml',
  'overlays/x/e.yaml',
  'chart/templates/f.yaml',
  'values.yaml',
  'g.json',
]
const CONTEXT = {
  'kustomization.yaml': [
    'resources: [a.yaml, sub/c.yaml]\nnamespace: shop\n',
    'resources: [sub]\n',
    'patches: [{path: b.yaml}]\nresources: [a.yaml]\n',
    'resources: [https://a.b/c]\n',
    'x: [\n',
  ],
  'overlays/x/kustomization.yaml': [
    'resources: [../../a.yaml, e.yaml]\nnamespace: alpha\n',
    'resources: [e.yaml, ../../sub]\n',
    'labels: [{pairs: {a: b}}]\nresources: [e.yaml]\n',
  ],
  'chart/Chart.yaml': [
    'apiVersion: v2\nname: c\n',
    'apiVersion: v2\nname: c\ndependencies: [{name: d, version: 1.0.0, repository: https://a.b}]\n',
  ],
}
const TYPED = [
  '',
  'x',
  ' ',
  '\n',
  '\n  ',
  ':',
  '- ',
  '"',
  '{',
  '}',
  '#',
  '---\n',
  '\n---\n',
  '...\n',
  '\r\n',
  '\r',
  '\t',
  '😀',
  '{{ x }}',
  'labels: {a: b}\n',
  '# ambient-policy-ignore rule-idle -- x\n',
  'ambient',
  'STRICT',
  'shop',
]

export function drawStep(random, corpus) {
  const file = random.pick(NAMES)
  const documents = () =>
    Array.from({ length: random.below(4) }, () => random.pick(corpus.mentioned))
  const at = random.next()
  const dice = random.below(100)
  if (dice < 40)
    return {
      do: 'type',
      file,
      at,
      remove: random.pick([0, 0, 0, 1, 1, 3, 12]),
      insert: random.pick(TYPED),
    }
  if (dice < 55)
    return { do: 'documents', file, at, remove: random.below(3), documents: documents() }
  if (dice < 61) return { do: 'revert', file }
  if (dice < 67) return { do: 'open', file }
  if (dice < 72) return { do: 'close', file }
  if (dice < 76) return { do: 'save', file }
  if (dice < 83) return { do: 'write', file, text: joined(documents()) }
  if (dice < 87) return { do: 'delete', file }
  if (dice < 91) return { do: 'rename', file, to: random.pick(NAMES) }
  if (dice < 92)
    return { do: 'deleteFolder', folder: random.pick(['sub', 'overlays', 'overlays/x', 'chart']) }
  if (dice < 95) {
    const name = random.pick(Object.keys(CONTEXT))
    return { do: 'write', file: name, text: random.pick(CONTEXT[name]) }
  }
  if (dice < 96) return { do: 'delete', file: random.pick(Object.keys(CONTEXT)) }
  if (dice < 97) return { do: 'settings', at }
  return { do: 'wait' }
}

/** The first files of a workspace. */
export function drawFiles(random, corpus) {
  const together = random.pick(corpus.folders)
  return together
    .slice(0, NAMES.length)
    .map(({ text }, index) => ({ do: 'write', file: NAMES[index], text }))
}

/**
 * The change of a text in a step: offsets and the new text. It fits the text, also after steps were removed before
 * it.
 */
export function changeOf(step, text) {
  if (step.do === 'type') {
    const start = step.at % (text.length + 1)
    return { start, end: Math.min(text.length, start + step.remove), insert: step.insert }
  }
  const slices = splitDocuments(text)
  const index = step.at % (slices.length + 1)
  const start = slices[index]?.start ?? text.length
  const end = slices[index + step.remove]?.start ?? text.length
  const pasted = joined(step.documents)
  return {
    start,
    end,
    insert:
      pasted === ''
        ? ''
        : `${start > 0 && !/[\r\n]/.test(text[start - 1]) ? '\n' : ''}---\n${pasted}${end < text.length && !text.startsWith('---', end) ? '---\n' : ''}`,
  }
}

function joined(documents) {
  return documents
    .map((document) => document.replace(/^---[ \t]*\r?\n/, ''))
    .map((document) => (document.endsWith('\n') ? document : `${document}\n`))
    .join('---\n')
}
