import { entryOf, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { isChartFile } from './chart.js'
import { fileName, folderOf, joinPath } from './paths.js'

/** What a kustomization file says of the files around it. Paths are joined with its folder. */
export interface Kustomization {
  readonly folder: string
  /** The namespace that every object gets. */
  readonly namespace: string | undefined
  /** Files and folders of objects. */
  readonly resources: readonly string[]
  /** Files that are patches, not objects. */
  readonly patches: readonly string[]
  /** It names resources that are not files here. */
  readonly hasRemote: boolean
  /** It gives objects labels that their files do not show, or may. */
  readonly changesLabels: boolean
}

const LABEL_CHANGES = ['commonLabels', 'labels', 'patches', 'patchesStrategicMerge', 'patchesJson6902', 'transformers']
const KUSTOMIZATION_NAMES = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])

/** Whether a file speaks of other files; such files are read before the rest. */
export function isContextFile(file: string): boolean {
  return KUSTOMIZATION_NAMES.has(fileName(file)) || isChartFile(file)
}

export function readKustomization(file: string, text: string): Kustomization | undefined {
  if (!KUSTOMIZATION_NAMES.has(fileName(file))) return undefined
  const { root } = parseYaml(text)
  const folder = folderOf(file)
  const resources = [...texts(root, 'resources'), ...texts(root, 'bases'), ...texts(root, 'components')]
  const patches = [...texts(root, 'patchesStrategicMerge'), ...texts(root, 'patchesJson6902'), ...texts(root, 'patches')].filter((patch) => !patch.includes('\n'))
  const namespace = entryOf(root, 'namespace')?.value
  return {
    folder,
    namespace: namespace?.type === 'scalar' && namespace.text !== '' ? namespace.text : undefined,
    resources: resources.filter((resource) => !isRemote(resource)).map((resource) => joinPath(folder, resource)),
    patches: patches.map((patch) => joinPath(folder, patch)),
    changesLabels: LABEL_CHANGES.some((key) => entryOf(root, key) !== undefined),
    hasRemote: resources.some(isRemote) || entryOf(root, 'helmCharts') !== undefined,
  }
}

function isRemote(resource: string): boolean {
  return /^(https?:|git@|ssh:|git::)/.test(resource) || /^[\w.-]+\.[a-z]+\/[^/]+\/[^/]+/.test(resource) || resource.includes('?ref=')
}

/** The strings of a list: items themselves, or their `path`. */
function texts(root: YamlNode | undefined, key: string): string[] {
  const list = entryOf(root, key)?.value
  if (list?.type !== 'seq') return []
  return list.items.flatMap((item) => {
    const scalar = item.type === 'map' ? entryOf(item, 'path')?.value : item
    return scalar?.type === 'scalar' && scalar.text !== '' ? [scalar.text] : []
  })
}
