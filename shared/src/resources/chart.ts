import { lineStartsOf } from '../text/lineIndex.js'
import { knownRelease } from '../vocabulary/releases.js'
import { entryOf, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { decodeMeshConfigFields, type MeshConfigSource } from './meshConfig.js'
import { CHART_FILE, isChartFile } from './buildFileNames.js'
import { fileName, folderOf } from './paths.js'
import type { DocumentFacts } from './documentFacts.js'
import { SourceMapBuilder, type SourceMap } from './sourceMap.js'

/** A `Chart.yaml` file. */
export interface Chart {
  readonly folder: string
  readonly hasDependencies: boolean
}

export function readChart(file: string, text: string): Chart | undefined {
  if (fileName(file) !== CHART_FILE) return undefined
  return { folder: folderOf(file), hasDependencies: dependenciesOf(text).length > 0 }
}

/**
 * The release of Istio that a chart installs, from its dependencies on Istio's own charts, as
 * resources; undefined if there is none. `Chart.lock` has the chosen version; a range in
 * `Chart.yaml` counts if it allows only one minor release.
 */
export function readChartRelease(
  file: string,
  text: string,
  document: number,
): DocumentFacts | undefined {
  if (!isChartFile(file)) return undefined
  const resources: MeshConfigSource[] = []
  const sources: SourceMap[] = []
  const lineStarts = lineStartsOf(text)
  for (const dependency of dependenciesOf(text)) {
    const version = entryOf(dependency, 'version')
    const release = minorReleaseOf(textOf(version?.value))
    if (
      !version ||
      release === undefined ||
      !isIstioChart(
        textOf(entryOf(dependency, 'name')?.value),
        textOf(entryOf(dependency, 'repository')?.value),
      )
    )
      continue
    const builder = new SourceMapBuilder()
    builder.addEntry(builder.addObject(dependency), 'version', version)
    sources.push(builder.build(lineStarts))
    resources.push({
      type: 'MeshConfig',
      kind: 'Chart',
      apiVersion: '',
      group: '',
      name: '',
      namespace: '',
      namespaceSource: 'cluster',
      labels: undefined,
      annotations: undefined,
      origin: { file, document, ordinal: resources.length },
      problems: [],
      placeholders: [],
      meshConfig: decodeMeshConfigFields(undefined),
      flags: {},
      profile: undefined,
      istioVersion: release,
      cniExcludeNamespaces: undefined,
      dnsCapture: undefined,
    })
  }
  return resources.length === 0
    ? undefined
    : {
        resources,
        sources,
        problems: [],
        suppressions: [],
        debris: [],
        opaqueKind: undefined,
        lineStarts,
      }
}

/**
 * A chart `istiod` is Istio's in any repository. The other names are common, so the repository
 * decides.
 */
const PARTS_OF_ISTIO: ReadonlySet<string> = new Set(['base', 'cni', 'ztunnel', 'ambient'])
const REPOSITORY_OF_ISTIO = /(?:^|[@:/.])istio(?:-release|\.io)?(?:[./]|$)/

/** Whether a chart is one of those of Istio that install a mesh. */
export function isIstioChart(name: string, repository: string): boolean {
  const chart = name.slice(name.lastIndexOf('/') + 1)
  return chart === 'istiod' || (PARTS_OF_ISTIO.has(chart) && REPOSITORY_OF_ISTIO.test(repository))
}

/**
 * The minor release of a version or a range in the syntax of Helm (Masterminds/semver); undefined
 * if the range allows several, or it is older than ambient mode. `1.27`, `1.27.x`, `~1.27.0` and `>=1.27.0 <1.28.0` are all 1.27;
 * `^1.27.0` goes up to 2.
 */
export function minorReleaseOf(range: string): string | undefined {
  const bounded =
    /^>=?\s*v?(\d+)\.(\d+)(?:\.\d+)?(?:-[^\s,]+)?[\s,]+<\s*v?(\d+)\.(\d+)(?:\.0)?(?:-0)?$/.exec(
      range.trim(),
    )
  if (bounded)
    return bounded[1] === bounded[3] && Number(bounded[4]) === Number(bounded[2]) + 1
      ? knownRelease(`${bounded[1] ?? ''}.${bounded[2] ?? ''}`)
      : undefined
  const version = /^[~=]?\s*v?(\d+\.\d+)(?:\.(?:\d+|[xX*]))?(?:[-+][\w.+-]*)?$/.exec(range.trim())
  return knownRelease(version?.[1])
}

function dependenciesOf(text: string): readonly YamlNode[] {
  const dependencies = entryOf(parseYaml(text).root, 'dependencies')?.value
  return dependencies?.type === 'seq' ? dependencies.items : []
}

function textOf(node: YamlNode | undefined): string {
  return node?.type === 'scalar' ? node.text : ''
}
