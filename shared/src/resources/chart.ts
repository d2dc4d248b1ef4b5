import { lineStartsOf } from '../text/lineIndex.js'
import { entryOf, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { decodeMeshConfigFields, type MeshConfigSource } from './meshConfig.js'
import { fileName, folderOf } from './paths.js'
import type { DocumentFacts } from './documentFacts.js'
import { SourceMapBuilder, type SourceMap } from './sourceMap.js'

/** What a `Chart.yaml` says of its folder. */
export interface Chart {
  readonly folder: string
  readonly hasDependencies: boolean
}

const CHART = 'Chart.yaml'
const LOCK = 'Chart.lock'

export function isChartFile(file: string): boolean {
  return fileName(file) === CHART || fileName(file) === LOCK
}

export function readChart(file: string, text: string): Chart | undefined {
  if (fileName(file) !== CHART) return undefined
  return { folder: folderOf(file), hasDependencies: dependenciesOf(text).length > 0 }
}

/**
 * What a chart's dependencies on Istio's own charts tell of the release, as objects without a document; undefined where they tell nothing. A range of `Chart.yaml`
 * speaks where it fixes the minor release; `Chart.lock` has the version that was chosen.
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
      !isOfIstio(
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

/** Charts of these names are istiod's wherever they are kept; those of the others are common names. */
const PARTS_OF_ISTIO: ReadonlySet<string> = new Set(['base', 'ztunnel', 'ambient'])
const REPOSITORY_OF_ISTIO = /(?:^|[@:/.])istio(?:-release|\.io)?(?:[./]|$)/

function isOfIstio(name: string, repository: string): boolean {
  return name === 'istiod' || (PARTS_OF_ISTIO.has(name) && REPOSITORY_OF_ISTIO.test(repository))
}

/**
 * The minor release of a version or a range as Helm writes them (Masterminds/semver); undefined where the range reaches over several.
 * `1.27`, `1.27.x`, `~1.27.0` and `>=1.27.0 <1.28.0` are all 1.27; `^1.27.0` goes up to 2.
 */
export function minorReleaseOf(range: string): string | undefined {
  const bounded =
    /^>=?\s*v?(\d+)\.(\d+)(?:\.\d+)?(?:-\S+)?[\s,]+<\s*v?(\d+)\.(\d+)(?:\.0)?(?:-0)?$/.exec(
      range.trim(),
    )
  if (bounded)
    return bounded[1] === bounded[3] && Number(bounded[4]) === Number(bounded[2]) + 1
      ? `${bounded[1] ?? ''}.${bounded[2] ?? ''}`
      : undefined
  return /^[~=]?\s*v?(\d+\.\d+)(?:\.(?:\d+|[xX*]))?(?:[-+][\w.+-]*)?$/.exec(range.trim())?.[1]
}

function dependenciesOf(text: string): readonly YamlNode[] {
  const dependencies = entryOf(parseYaml(text).root, 'dependencies')?.value
  return dependencies?.type === 'seq' ? dependencies.items : []
}

function textOf(node: YamlNode | undefined): string {
  return node?.type === 'scalar' ? node.text : ''
}
