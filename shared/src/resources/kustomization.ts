import { lineStartsOf } from '../text/lineIndex.js'
import { entryOf, type ForeignText, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { isKustomizationFile } from './buildFileNames.js'
import type { PatchEntry } from './kustomize/patch.js'
import { readTransform, type KustomizeTransform } from './kustomize/transform.js'
import { itemsOf } from './kustomize/tree.js'
import { folderOf, joinPath } from './paths.js'

/** A kustomization file. Its paths are joined with its folder. */
export interface Kustomization {
  readonly file: string
  readonly folder: string
  /** Files and folders of objects. */
  readonly resources: readonly string[]
  /** Folders of components. */
  readonly components: readonly string[]
  readonly transform: KustomizeTransform
  readonly patches: readonly PatchEntry[]
  /**
   * It includes objects that are not files here: remote resources, or objects that it generates.
   */
  readonly hasRemote: boolean
  readonly notApplied: readonly NotApplied[]
  /**
   * Whether `notApplied` contains something that may change objects, and does not only add others.
   */
  readonly hasUnappliedChanges: boolean
}

/** A part of a kustomization that is not applied here. */
export type NotApplied =
  | { readonly what: 'field'; readonly name: string }
  /** Undefined: an inline patch. */
  | { readonly what: 'patch'; readonly file: string | undefined }
  /** A base or component that is not among the files. */
  | { readonly what: 'folder'; readonly folder: string }
  | { readonly what: 'remote resources' }
  /** Files that too many kustomizations include. */
  | { readonly what: 'many paths' }

/** Fields that may change objects. */
const NOT_APPLIED_FIELDS = [
  'replacements',
  'vars',
  'transformers',
  'configurations',
  'openapi',
  'crds',
]
/** Fields that add objects. */
const GENERATOR_FIELDS = ['helmCharts', 'helmChartInflationGenerator', 'generators']

/** Whether a field of a kustomization adds objects. */
export function addsObjects(field: string): boolean {
  return GENERATOR_FIELDS.includes(field)
}

export function readKustomization(file: string, text: string): Kustomization | undefined {
  if (!isKustomizationFile(file)) return undefined
  const { root } = parseYaml(text)
  const folder = folderOf(file)
  const foreign: ForeignText = { file, lineStarts: lineStartsOf(text), editable: false }
  const resources = [...stringsOf(root, 'resources'), ...stringsOf(root, 'bases')]
  const components = stringsOf(root, 'components')
  const localPaths = (paths: readonly string[]): string[] => [
    ...new Set(paths.filter((path) => !isRemote(path)).map((path) => joinPath(folder, path))),
  ]
  const patchesOf = (key: string): PatchEntry[] =>
    itemsOf(root, key).flatMap((item) =>
      readPatchEntry(item, { folder, text, foreign, isLast: key === 'patchesJson6902' }),
    )
  const isPresent = (field: string): boolean => entryOf(root, field) !== undefined
  const hasRemoteResources = [...resources, ...components].some(isRemote)
  const changing = [
    ...NOT_APPLIED_FIELDS.filter(isPresent),
    ...(itemsOf(root, 'labels').some((item) => entryOf(item, 'fields') !== undefined)
      ? ['labels.fields']
      : []),
  ]
  const generating = GENERATOR_FIELDS.filter(isPresent)
  return {
    file,
    folder,
    resources: localPaths(resources),
    components: localPaths(components),
    transform: readTransform(root, foreign, text),
    patches: [
      ...patchesOf('patchesStrategicMerge'),
      ...patchesOf('patches'),
      ...patchesOf('patchesJson6902'),
    ],
    hasRemote: hasRemoteResources || generating.length > 0,
    notApplied: [
      ...[...changing, ...generating].map((name) => ({ what: 'field', name }) as const),
      ...(hasRemoteResources ? [{ what: 'remote resources' } as const] : []),
    ],
    hasUnappliedChanges: changing.length > 0,
  }
}

interface PatchContext {
  readonly folder: string
  readonly text: string
  readonly foreign: ForeignText
  readonly isLast: boolean
}

/**
 * An item of `patchesStrategicMerge` is a file name or a patch; the other lists have fields for
 * each.
 */
function readPatchEntry(
  item: YamlNode,
  { folder, text, foreign, isLast }: PatchContext,
): PatchEntry[] {
  const target = entryOf(item, 'target')?.value
  const common = { isLast, target, hasOptions: entryOf(item, 'options') !== undefined }
  const path = item.type === 'scalar' ? item : entryOf(item, 'path')?.value
  const patch = item.type === 'scalar' ? item : entryOf(item, 'patch')?.value
  if (path?.type === 'scalar' && path.text !== '' && !path.text.includes('\n'))
    return [{ ...common, file: joinPath(folder, path.text), inline: undefined }]
  if (patch?.type !== 'scalar') return []
  return [
    {
      ...common,
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

/** The strings of the list at a key. */
function stringsOf(root: YamlNode | undefined, key: string): string[] {
  return itemsOf(root, key).flatMap((item) =>
    item.type === 'scalar' && item.text !== '' ? [item.text] : [],
  )
}
