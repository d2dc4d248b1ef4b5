import { fileName, folderOf } from '../resources/paths.js'
import type { Analysis } from './analysis.js'

/** A notice names no more than this. */
const NAMED = 5

/** One sentence for each kustomization of which something is not applied. */
export function kustomizationNotices(analyses: readonly Analysis[]): string[] {
  const all = new Map(analyses.flatMap(({ notApplied }) => [...notApplied]))
  const told = [...all]
    .slice(0, NAMED)
    .map(
      ([file, fields]) =>
        `Kustomization "${folderOf(file)}": not applied are ${listed(fields)}. What depends on them is not judged.`,
    )
  return all.size > NAMED
    ? [...told, `Of ${String(all.size - NAMED)} more kustomizations something is not applied.`]
    : told
}

/** One sentence for all charts whose templates are passed over. */
export function chartNotices(analyses: readonly Analysis[]): string[] {
  const folders = new Set<string>()
  for (const { files } of analyses) {
    const charts = new Set([...files.values()].flatMap(({ chart }) => chart?.folder ?? []))
    for (const { file, documents, placement } of files.values()) {
      if (
        !placement.inChartTemplates ||
        !documents.some(({ facts }) => facts.opaqueKind !== undefined)
      )
        continue
      const chart = chartOf(file, charts)
      if (chart !== undefined) folders.add(chart)
    }
  }
  if (folders.size === 0) return []
  const [charts, their] =
    folders.size === 1
      ? ['The Helm chart', 'its']
      : [`${String(folders.size)} Helm charts`, 'their']
  const names = [...folders].slice(0, NAMED).map((folder) => `"${folder === '' ? '.' : folder}"`)
  return [
    `${charts} ${names.join(', ')}${folders.size > NAMED ? ', …' : ''}: ${their} templates are not rendered, and what they make is taken as unknown (check the output of "helm template").`,
  ]
}

/** The innermost chart in whose templates a file lies. */
function chartOf(file: string, charts: ReadonlySet<string>): string | undefined {
  for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) {
    if (fileName(folder) === 'templates' && charts.has(folderOf(folder))) return folderOf(folder)
  }
  return undefined
}

function listed(fields: readonly string[]): string {
  return fields.length < 2
    ? fields.join('')
    : `${fields.slice(0, -1).join(', ')} and ${fields.at(-1) ?? ''}`
}
