import { lineStartsOf } from '../text/lineIndex.js'
import { entryOf, type ForeignText, type YamlEntry, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { isChartFile } from './chart.js'
import type { KustomizeTransform, LabelSet, PatchEntry } from './kustomize/parts.js'
import { claim, textAt } from './kustomize/tree.js'
import { fileName, folderOf, joinPath } from './paths.js'

/** What a kustomization file says of the files around it. Paths are joined with its folder. */
export interface Kustomization {
  readonly file: string
  readonly folder: string
  /** Of the kind Component: it changes the objects of the kustomization that names it. */
  readonly isComponent: boolean
  /** Files and folders of objects. */
  readonly resources: readonly string[]
  /** Folders of components. */
  readonly components: readonly string[]
  /** What it gives every object. */
  readonly transform: KustomizeTransform
  readonly patches: readonly PatchEntry[]
  /** It names resources that are not files here. */
  readonly hasRemote: boolean
  /** Its fields that are not applied and may change objects. */
  readonly notApplied: readonly string[]
}

const KUSTOMIZATION_NAMES = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])
const NOT_APPLIED = ['replacements', 'vars', 'transformers', 'configurations', 'openapi', 'crds']
const BRINGS_MORE = ['helmCharts', 'helmChartInflationGenerator', 'generators']

/** Whether a file speaks of other files; such files are read before the rest. */
export function isBuildFile(file: string): boolean {
  return isKustomizationFile(file) || isChartFile(file)
}

export function isKustomizationFile(file: string): boolean {
  return KUSTOMIZATION_NAMES.has(fileName(file))
}

export function readKustomization(file: string, text: string): Kustomization | undefined {
  if (!isKustomizationFile(file)) return undefined
  const { root } = parseYaml(text)
  const folder = folderOf(file)
  const foreign: ForeignText = { file, lineStarts: lineStartsOf(text), editable: false }
  const resources = [...texts(root, 'resources'), ...texts(root, 'bases')]
  const components = texts(root, 'components')
  const labels = itemsOf(root, 'labels')
  const join = (paths: readonly string[]): string[] => [
    ...new Set(paths.filter((path) => !isRemote(path)).map((path) => joinPath(folder, path))),
  ]
  const patchesOf = (key: string): PatchEntry[] =>
    itemsOf(root, key).flatMap((item) =>
      readPatchEntry(item, { folder, text, foreign, last: key === 'patchesJson6902' }),
    )
  const remote = [...resources, ...components].some(isRemote)
  const gives = readGifts(root, foreign)
  return {
    file,
    folder,
    isComponent: textAt(root, 'kind') === 'Component',
    resources: join(resources),
    components: join(components),
    transform: { ...gives, key: giftsKey(gives, text) },
    patches: [
      ...patchesOf('patchesStrategicMerge'),
      ...patchesOf('patches'),
      ...patchesOf('patchesJson6902'),
    ],
    hasRemote: remote || BRINGS_MORE.some((key) => entryOf(root, key) !== undefined),
    notApplied: [
      ...[...NOT_APPLIED, ...BRINGS_MORE].filter((key) => entryOf(root, key) !== undefined),
      ...(labels.some((item) => entryOf(item, 'fields') !== undefined) ? ['labels.fields'] : []),
      ...(remote ? ['remote resources'] : []),
    ],
  }
}

function readGifts(
  root: YamlNode | undefined,
  foreign: ForeignText,
): Omit<KustomizeTransform, 'key'> {
  const labels = itemsOf(root, 'labels').map((item): LabelSet => {
    const selectors = textAt(item, 'includeSelectors') === 'true'
    return {
      pairs: pairs(entryOf(item, 'pairs')?.value, foreign),
      selectors,
      templates: selectors || textAt(item, 'includeTemplates') === 'true',
    }
  })
  return {
    namespace: nonEmpty(textAt(root, 'namespace')),
    namePrefix: textAt(root, 'namePrefix') ?? '',
    nameSuffix: textAt(root, 'nameSuffix') ?? '',
    labels: [
      ...labels,
      {
        pairs: pairs(entryOf(root, 'commonLabels')?.value, foreign),
        selectors: true,
        templates: true,
      },
    ].filter((set) => set.pairs.length > 0),
    annotations: pairs(entryOf(root, 'commonAnnotations')?.value, foreign),
  }
}

/** Empty where nothing is given. Labels and annotations have a place, which any edit of the file may move. */
function giftsKey(
  { namespace, namePrefix, nameSuffix, labels, annotations }: Omit<KustomizeTransform, 'key'>,
  text: string,
): string {
  if (labels.length > 0 || annotations.length > 0) return text
  return namespace === undefined && namePrefix === '' && nameSuffix === ''
    ? ''
    : JSON.stringify([namespace ?? '', namePrefix, nameSuffix])
}

/** Whether what is not applied may change objects that are here, and does not only bring others. */
export function changesObjects({ notApplied }: Kustomization): boolean {
  return notApplied.some((field) => !BRINGS_MORE.includes(field) && field !== 'remote resources')
}

interface PatchContext {
  readonly folder: string
  readonly text: string
  readonly foreign: ForeignText
  readonly last: boolean
}

/** `patchesStrategicMerge` names files or holds texts; the others say which it is. */
function readPatchEntry(
  item: YamlNode,
  { folder, text, foreign, last }: PatchContext,
): PatchEntry[] {
  const target = entryOf(item, 'target')?.value
  const given = { last, target, hasOptions: entryOf(item, 'options') !== undefined }
  const path = item.type === 'scalar' ? item : entryOf(item, 'path')?.value
  const patch = item.type === 'scalar' ? item : entryOf(item, 'patch')?.value
  if (path?.type === 'scalar' && path.text !== '' && !path.text.includes('\n'))
    return [{ ...given, file: joinPath(folder, path.text), inline: undefined }]
  if (patch?.type !== 'scalar') return []
  return [
    {
      ...given,
      file: undefined,
      inline: { scalar: patch, raw: text.slice(patch.start, patch.end), foreign },
    },
  ]
}

function isRemote(resource: string): boolean {
  return (
    /^(https?:|git@|ssh:|git::)/.test(resource) ||
    /^[\w.-]+\.[a-z]+\/[^/]+\/[^/]+/.test(resource) ||
    resource.includes('?ref=')
  )
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

function pairs(node: YamlNode | undefined, foreign: ForeignText): readonly YamlEntry[] {
  const claimed = node && claim(node, foreign, ({ start, end }) => ({ start, end }))
  return claimed?.type === 'map'
    ? claimed.entries
        .filter(({ value }) => value.type === 'scalar')
        .map((entry) => ({ ...entry, value: asString(entry.value) }))
    : []
}

/** Kustomize writes values of labels as strings, whatever they look like. */
function asString(node: YamlNode): YamlNode {
  return node.type === 'scalar' ? { ...node, value: node.text, quoted: true } : node
}

function itemsOf(root: YamlNode | undefined, key: string): readonly YamlNode[] {
  const list = entryOf(root, key)?.value
  return list?.type === 'seq' ? list.items : []
}

/** The strings of a list. */
function texts(root: YamlNode | undefined, key: string): string[] {
  return itemsOf(root, key).flatMap((item) =>
    item.type === 'scalar' && item.text !== '' ? [item.text] : [],
  )
}
