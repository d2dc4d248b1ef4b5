import type { NotApplied } from '../resources/kustomization.js'
import { fileName, folderOf } from '../resources/paths.js'
import { getOrInsert } from '../text/collections.js'
import { count, listed } from '../text/words.js'
import type { Analysis } from './analysis.js'
import { hasJudgedObjects, isReadIfRendered } from './judgedObjects.js'
import type { DefinitionConflict } from './meshRoots.js'

/** The number of kustomizations or charts that a notice names. */
const MAX_NAMES = 5

/** How a notice shows a path. */
type ShowPath = (path: string) => string

/** Why folders are checked as separate meshes. */
export function meshRootNotice({ object, folders }: DefinitionConflict, show: ShowPath): string {
  const names = folders.map((folder) => `"${show(folder)}"`)
  return `${object} is defined differently in ${listed(names)}: these folders are checked as separate meshes (setting meshRoots).`
}

/** One sentence for each kustomization with parts that are not applied. */
export function kustomizationNotices(analyses: readonly Analysis[], show: ShowPath): string[] {
  const all = new Map(
    analyses.filter(hasJudgedObjects).flatMap(({ notApplied }) => [...notApplied]),
  )
  const notices = [...all].slice(0, MAX_NAMES).map(([file, parts]) => {
    const names = parts.map((part) => nameOf(part, show))
    return `Kustomization "${show(folderOf(file))}" is applied without ${listed(names)}. Findings that depend on this are not reported.`
  })
  const rest = all.size - MAX_NAMES
  return rest > 0
    ? [...notices, `The same is true for ${count(rest, 'more kustomization')}.`]
    : notices
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
      return 'its changes to files that more than 8 overlays include'
  }
}

/** One sentence for each chart with templates, which are not rendered. */
export function chartNotices(
  analyses: readonly Analysis[],
  show: ShowPath,
  known: ReadonlySet<string> = new Set(),
): string[] {
  const all = [...chartsWithTemplates(analyses.filter(hasJudgedObjects))].filter(
    ([folder]) => !known.has(folder),
  )
  const notices = all.slice(0, MAX_NAMES).map(([folder, kinds]) => {
    const chart = show(folder)
    return `Helm chart "${chart}" is not rendered: the ${listed([...kinds].sort())} of its templates ${kinds.size === 1 ? 'is' : 'are'} unknown. Check it with --helm, or check the output of "helm template ${chart}".`
  })
  const rest = all.length - MAX_NAMES
  return rest > 0
    ? [...notices, `The same is true for ${count(rest, 'more Helm chart')}.`]
    : notices
}

/** The kinds of the objects that are templates, by the folder of their chart. */
function chartsWithTemplates(
  analyses: readonly Analysis[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const kinds = new Map<string, Set<string>>()
  for (const { files } of analyses) {
    const charts = new Set([...files.values()].flatMap(({ chart }) => chart?.folder ?? []))
    for (const { file, documents, context } of files.values()) {
      const opaque = documents.flatMap(({ facts }) =>
        isReadIfRendered(facts.opaqueKind) ? facts.opaqueKind : [],
      )
      const chart =
        context.inChartTemplates && opaque.length > 0 ? chartOf(file, charts) : undefined
      if (chart === undefined) continue
      const known = getOrInsert(kinds, chart, () => new Set<string>())
      for (const kind of opaque) known.add(kind)
    }
  }
  return kinds
}

/** The innermost chart that has a file among its templates. */
function chartOf(file: string, charts: ReadonlySet<string>): string | undefined {
  for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) {
    if (fileName(folder) === 'templates' && charts.has(folderOf(folder))) return folderOf(folder)
  }
  return undefined
}
