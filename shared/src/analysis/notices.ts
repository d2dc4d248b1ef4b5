import { addsObjects, type NotApplied } from '../resources/kustomization.js'
import { mentionsIstio } from '../resources/mentionsIstio.js'
import { isAssumedApplied } from '../resources/fileFacts.js'
import type { Resource } from '../resources/resource.js'
import { fileName, folderOf, isInside } from '../resources/paths.js'
import { getOrInsert } from '../text/collections.js'
import { count, listed } from '../text/words.js'
import type { Analysis } from './analysis.js'
import { isReadIfRendered } from './judgedObjects.js'
import type { DefinitionConflict } from './meshRoots.js'

/** The number of kustomizations or charts that a notice names. */
const MAX_NAMES = 5

/** How a notice shows a path. */
type ShowPath = (path: string) => string

/** Why folders are checked as separate meshes. */
export function meshRootNotice(
  { object, folders }: DefinitionConflict,
  { more, hasOthers }: { readonly more: number; readonly hasOthers: boolean },
  show: ShowPath,
): string {
  const names = folders.map((folder) => `"${show(folder)}"`)
  const all = more > 0 ? `these folders and ${count(more, 'more folder')}` : 'these folders'
  const others = hasOthers ? ', each with the other files' : ''
  return `${object} is defined differently in ${listed(names)}: ${all} are checked as separate meshes${others} (setting meshRoots).`
}

/** One sentence for each kustomization with parts that are not applied. */
export function kustomizationNotices(analyses: readonly Analysis[], show: ShowPath): string[] {
  const all = new Map(
    analyses
      .filter(({ mentionsIstio: mentioned }) => mentioned)
      .flatMap((analysis) =>
        [...analysis.notApplied].filter(([file, parts]) => isRelevant(analysis, file, parts)),
      ),
  )
  const notices = [...all].slice(0, MAX_NAMES).map(([file, parts]) => {
    const names = parts.map((part) => nameOf(part, show))
    return `"${show(file)}" is applied without ${listed(names)}. Findings that depend on this are not reported.`
  })
  const rest = all.size - MAX_NAMES
  return rest > 0
    ? [...notices, `The same is true for ${count(rest, 'more kustomization')}.`]
    : notices
}

/**
 * Whether findings can depend on what a kustomization does not apply: it includes an object of Istio, or
 * adds objects to a namespace that has one. Without a namespace of its own, it may add them to any.
 */
function isRelevant(analysis: Analysis, file: string, parts: readonly NotApplied[]): boolean {
  const included = includedPaths(analysis, file)
  const namespaces = new Set<string>()
  for (const { documents, file: other } of analysis.files.values()) {
    const istio = documents.flatMap(({ facts }) => facts.resources).filter(mentionsIstio)
    if (istio.length > 0 && included.some((path) => other === path || isInside(other, path)))
      return true
    for (const resource of istio) namespaces.add(namespaceOf(resource))
  }
  if (parts.every(onlyChanges)) return false
  const own = analysis.files.get(file)?.kustomization?.transform.namespace
  return own === undefined || namespaces.has(own) || namespaces.has(ANY)
}

/** The files and folders that a kustomization includes, also through others, and its own folder. */
function includedPaths(analysis: Analysis, file: string): string[] {
  const byFolder = new Map(
    [...analysis.files.values()].flatMap(({ kustomization }) =>
      kustomization ? [[kustomization.folder, kustomization] as const] : [],
    ),
  )
  const paths = new Set([folderOf(file)])
  for (const path of paths) {
    const { resources = [], components = [] } = byFolder.get(path) ?? {}
    for (const included of [...resources, ...components]) paths.add(included)
  }
  return [...paths]
}

const ANY = 'any namespace'

function namespaceOf({ type, name, namespace, namespaceSource }: Resource): string {
  if (type === 'Namespace') return name
  return namespaceSource === 'unnamed' ? ANY : namespace
}

/** Whether a part changes objects of the files, and adds none. */
function onlyChanges(part: NotApplied): boolean {
  return (
    part.what === 'patch' ||
    part.what === 'many paths' ||
    (part.what === 'field' && !addsObjects(part.name))
  )
}

function nameOf(part: NotApplied, show: ShowPath): string {
  switch (part.what) {
    case 'field':
      return `"${part.name}"`
    case 'patch':
      return part.file === undefined ? 'an inline patch' : `the patch "${show(part.file)}"`
    case 'folder':
      return `"${show(part.folder)}" (not in these files)`
    case 'remote resources':
      return 'remote resources'
    case 'many paths':
      return 'its changes to files that very many kustomizations include'
  }
}

/** One sentence for each chart with templates, which are not rendered. */
export function chartNotices(
  analyses: readonly Analysis[],
  show: ShowPath,
  known: ReadonlySet<string> = new Set(),
): string[] {
  const { charts } = templatesOf(analyses)
  const all = [...charts].filter(([folder]) => !known.has(folder))
  const notices = all.slice(0, MAX_NAMES).map(([folder, templates]) => {
    const chart = show(folder)
    const inChart = (file: string): string => file.slice(folder.length + 1)
    return `Helm chart "${chart}" is not rendered, and its objects are unknown: ${templatesInWords(templates, inChart)}. Check it with --helm, or check the output of "helm template ${chart}".`
  })
  const rest = all.length - MAX_NAMES
  return rest > 0
    ? [...notices, `The same is true for ${count(rest, 'more Helm chart')}.`]
    : notices
}

function namesOf(files: ReadonlySet<string>, show: ShowPath): string {
  const names = [...files].slice(0, MAX_NAMES).map((file) => `"${show(file)}"`)
  const rest = files.size - MAX_NAMES
  return listed(rest > 0 ? [...names, count(rest, 'more file')] : names)
}

/** Which files are checked as if they are applied, although no kustomization lists them. */
export function unlistedNotices(analyses: readonly Analysis[], show: ShowPath): string[] {
  const found = new Set<string>()
  for (const { files } of analyses)
    for (const facts of files.values()) if (isAssumedApplied(facts)) found.add(facts.file)
  if (found.size === 0) return []
  return [
    `No kustomization lists ${namesOf(found, show)}: the answers assume that ${found.size === 1 ? 'it is' : 'they are'} applied.`,
  ]
}

/** To which files Flux or Argo CD applies patches or components that are not applied here. */
export function deliveryNotices(analyses: readonly Analysis[], show: ShowPath): string[] {
  const found = new Set<string>()
  for (const { files } of analyses)
    for (const { file, documents, context } of files.values())
      if (context.isChangedByDelivery && documents.some(({ facts }) => facts.resources.length > 0))
        found.add(file)
  return found.size === 0
    ? []
    : [`Patches and components of Flux or Argo CD are not applied to ${namesOf(found, show)}.`]
}

/** Which files have objects that name no namespace, and are taken for objects of `default`. */
export function unnamedNotices(analyses: readonly Analysis[], show: ShowPath): string[] {
  const found = new Set<string>()
  for (const { files } of analyses)
    for (const { file, documents } of files.values())
      if (documents.some(({ facts }) => facts.resources.some(isPlacedInDefault))) found.add(file)
  return found.size === 0
    ? []
    : [`Objects without a namespace are in namespace "default": ${namesOf(found, show)}.`]
}

function isPlacedInDefault({ type, namespaceSource }: Resource): boolean {
  return type !== 'Other' && namespaceSource === 'unnamed'
}

/** How kustomize overlays split a workspace folder into meshes. */
export function overlayNotice(
  folders: readonly string[],
  hasOthers: boolean,
  show: ShowPath,
): string {
  const names = folders.slice(0, MAX_NAMES).map((folder) => `"${show(folder)}"`)
  const rest = folders.length > MAX_NAMES ? [count(folders.length - MAX_NAMES, 'more overlay')] : []
  const others = hasOthers ? ', and the other files with all of them' : ''
  return `Each kustomize overlay is checked as a mesh of its own: ${listed([...names, ...rest])}${others} (setting meshRoots).`
}

/** One sentence for all templates that belong to no chart. */
export function templateNotices(analyses: readonly Analysis[], show: ShowPath): string[] {
  const { others } = templatesOf(analyses)
  return others.size === 0
    ? []
    : [
        `Templates are not rendered, and their objects are unknown: ${templatesInWords(others, show)}. Check the rendered files.`,
      ]
}

/** The kinds of the objects of templates, by file. */
type Templates = ReadonlyMap<string, readonly string[]>

/** `templates/policy.yaml (AuthorizationPolicy) and templates/api.yaml (Deployment and Service)`. */
function templatesInWords(templates: Templates, show: ShowPath): string {
  const names = [...templates]
    .slice(0, MAX_NAMES)
    .map(([file, kinds]) => `${show(file)} (${listed(kinds)})`)
  const rest = templates.size - MAX_NAMES
  return listed(rest > 0 ? [...names, `${rest} more`] : names)
}

/** The templates of meshes that have to do with Istio: those of each chart by its folder, and the others. */
function templatesOf(analyses: readonly Analysis[]): {
  readonly charts: ReadonlyMap<string, Templates>
  readonly others: Templates
} {
  const charts = new Map<string, Map<string, readonly string[]>>()
  const others = new Map<string, readonly string[]>()
  for (const { files } of analyses.filter(({ mentionsIstio: mentioned }) => mentioned)) {
    const folders = new Set([...files.values()].flatMap(({ chart }) => chart?.folder ?? []))
    for (const { file, documents, context } of files.values()) {
      const kinds = documents.flatMap(({ facts }) =>
        isReadIfRendered(facts.opaqueKind) ? facts.opaqueKind : [],
      )
      if (kinds.length === 0) continue
      const chart = context.inChartTemplates ? chartOf(file, folders) : undefined
      const templates =
        chart === undefined
          ? others
          : getOrInsert(charts, chart, () => new Map<string, readonly string[]>())
      templates.set(file, [...new Set(kinds)].sort())
    }
  }
  return { charts, others }
}

/** The innermost chart that has a file among its templates. */
function chartOf(file: string, charts: ReadonlySet<string>): string | undefined {
  for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) {
    if (fileName(folder) === 'templates' && charts.has(folderOf(folder))) return folderOf(folder)
  }
  return undefined
}
