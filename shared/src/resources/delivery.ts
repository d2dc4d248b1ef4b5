import { isPlaceholder } from '../yaml/placeholder.js'
import type { ObjectReader } from './objectReader.js'

/** A folder that an object of Flux or Argo CD applies. */
export interface Delivery {
  /** The folder, as it is written: relative to the root of a repository. */
  readonly path: string
  /** The namespace that the tool sets; undefined: the objects keep theirs. */
  readonly namespace: string | undefined
  /**
   * Whether the namespace replaces the one that an object names. Else it is for objects that name
   * none.
   */
  readonly overrides: boolean
  readonly namePrefix: string
  readonly nameSuffix: string
  /** Whether kustomize builds the folder in any case. Argo CD applies plain files as they are. */
  readonly kustomizes: boolean
  /** Whether it changes objects in ways that are not applied here: by patches or components. */
  readonly changes: boolean
}

/** A delivery with the folder that it means among the files. */
export interface ResolvedDelivery extends Delivery {
  readonly folder: string
}

/** The folders that an object applies, as far as they are written literally. */
export function deliveriesOf(kind: string, spec: ObjectReader | undefined): readonly Delivery[] {
  const found =
    kind === 'Kustomization'
      ? fluxDeliveries(spec)
      : kind === 'Application'
        ? argoDeliveries(spec)
        : kind === 'ApplicationSet'
          ? argoDeliveries(spec?.object('template')?.object('spec'))
          : []
  return found.filter(isLiteral)
}

function fluxDeliveries(spec: ObjectReader | undefined): Delivery[] {
  const source = spec?.object('sourceRef')?.string('kind')
  if (!spec || (source !== undefined && source !== 'GitRepository')) return []
  return [
    {
      path: spec.string('path') ?? '',
      namespace: spec.string('targetNamespace'),
      overrides: true,
      namePrefix: spec.string('namePrefix') ?? '',
      nameSuffix: spec.string('nameSuffix') ?? '',
      kustomizes: true,
      changes: changesObjects(spec),
    },
  ]
}

function argoDeliveries(spec: ObjectReader | undefined): Delivery[] {
  const destination = spec?.object('destination')?.string('namespace')
  return argoSources(spec)
    .filter((source) => !source.has('chart') && !source.has('helm'))
    .map((source) => {
      const kustomize = source.object('kustomize')
      const namespace = kustomize?.string('namespace')
      return {
        path: source.string('path') ?? '',
        namespace: namespace ?? destination,
        overrides: namespace !== undefined,
        namePrefix: kustomize?.string('namePrefix') ?? '',
        nameSuffix: kustomize?.string('nameSuffix') ?? '',
        kustomizes: false,
        changes: kustomize !== undefined && changesObjects(kustomize),
      }
    })
}

/** Patches of these kinds change no object that is checked here. */
const OTHER_KINDS =
  /^\s*kind:\s*(?:HelmRelease|Kustomization|HelmRepository|OCIRepository|GitRepository|ConfigMap|Secret)\s*$/m

/** Whether patches or components change objects that are checked here. */
function changesObjects(spec: ObjectReader): boolean {
  const patches = spec.objects('patches') ?? []
  return (
    (spec.strings('components') ?? []).length > 0 ||
    patches.some((patch) => {
      const kind = patch.object('target')?.string('kind')
      return !OTHER_KINDS.test(kind === undefined ? (patch.string('patch') ?? '') : `kind: ${kind}`)
    })
  )
}

function argoSources(spec: ObjectReader | undefined): readonly ObjectReader[] {
  const source = spec?.object('source')
  return source ? [source] : (spec?.objects('sources') ?? [])
}

function isLiteral({ path, namespace, namePrefix, nameSuffix }: Delivery): boolean {
  return [path, namespace ?? '', namePrefix, nameSuffix].every((text) => !isPlaceholder(text))
}

/**
 * The deliveries with their folders. A path is relative to the root of a repository, which is the
 * outermost folder above the delivering file that contains the path. A path that is not among the
 * files, or that is the root itself, has no folder.
 *
 * @param folders every folder that contains files, directly or deeper.
 */
export function resolveDeliveries(
  deliveries: ReadonlyMap<string, readonly Delivery[]>,
  folders: ReadonlySet<string>,
): readonly ResolvedDelivery[] {
  return [...deliveries].flatMap(([file, found]) =>
    found.flatMap((delivery) => {
      const folder = folderOfPath(file, delivery.path, folders)
      return folder === undefined ? [] : [{ ...delivery, folder }]
    }),
  )
}

function folderOfPath(
  file: string,
  path: string,
  folders: ReadonlySet<string>,
): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.length === 0 || parts.includes('..')) return undefined
  const below = parts.join('/')
  if (!file.includes('/') || folders.has(below)) return folders.has(below) ? below : undefined
  for (let end = file.indexOf('/'); end >= 0; end = file.indexOf('/', end + 1)) {
    const candidate = `${file.slice(0, end)}/${below}`
    if (folders.has(candidate)) return candidate
  }
  return undefined
}

/** The folders of files and the folders above them. */
export function foldersOf(files: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const file of files)
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
      const folder = file.slice(0, end)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  return folders
}
