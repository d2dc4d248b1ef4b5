import { printable, isInside, joinPath, type ChartSettings } from '@istio-ambient-policy/shared'
import { ChartError } from '../helm/chartFiles.js'
import { ChartRenderer, type ChartOutput, type ChartRequest } from '../helm/chartRenderer.js'
import { HostError } from '../host.js'
import { readContained } from '../workspace/containedFile.js'
import { decodeText } from '../workspace/decodeText.js'
import { compileExclude } from '../workspace/exclude.js'
import { walk } from '../workspace/walk.js'
import type { MeshInput } from './inputs.js'
import type { CliIo } from './io.js'
import { displayPath } from './paths.js'

/** A chart that Helm has rendered. */
export interface RenderedChart {
  /** The name of its output among the files of the mesh. */
  readonly file: string
  readonly folder: string
  readonly namespace: string | undefined
  readonly output: ChartOutput
}

/** The charts of an input: those that were rendered, and the folders of the others. */
export interface ChartsOfInput {
  readonly rendered: readonly RenderedChart[]
  readonly failed: ReadonlySet<string>
}

const CHART = 'Chart.yaml'
const MAX_CHART_BYTES = 1_000_000

/**
 * Renders the charts of an input: those of the setting `charts` that are inside of its paths, or all charts in its
 * folders if the setting is empty. A chart that cannot be rendered has one line on standard error.
 */
export async function renderCharts(io: CliIo, input: MeshInput): Promise<ChartsOfInput> {
  if (input.helm !== true) return { rendered: [], failed: new Set() }
  const { charts } = input.settings
  const requests =
    charts.length > 0
      ? charts
          .map((chart) => requestOf(input, chart))
          .filter(
            ({ folder, root }) =>
              !isInside(folder, root) || input.paths.some((path) => isInside(folder, path)),
          )
      : foundCharts(io, input)
  const renderer = new ChartRenderer(io.host, io.helm)
  const rendered: RenderedChart[] = []
  const failed = new Set<string>()
  for (const request of requests) {
    const { folder, release, namespace } = request
    try {
      const output = await renderer.render(request)
      const name = `<helm template ${release}>`
      const isTaken = rendered.some(({ file }) => file === `${folder}/${name}`)
      rendered.push({
        file: `${folder}/${isTaken ? `<helm template ${release} ${rendered.length}>` : name}`,
        folder,
        namespace,
        output,
      })
    } catch (error) {
      if (!(error instanceof ChartError || error instanceof HostError)) throw error
      failed.add(folder)
      io.warn(printable(`Helm chart "${displayPath(io.cwd, folder)}" ${error.message}`))
    }
  }
  return { rendered: rendered.filter(({ folder }) => !failed.has(folder)), failed }
}

/** Whether a file is replaced by the output of a chart. */
export function isReplaced({ folder }: RenderedChart, file: string, text: string): boolean {
  return (
    isInside(file, `${folder}/templates`) ||
    isInside(file, `${folder}/charts`) ||
    (file === `${folder}/${CHART}` && /^dependencies:/m.test(text))
  )
}

function requestOf(input: MeshInput, chart: ChartSettings): ChartRequest {
  const folder = joinPath(input.folder, chart.path.replace(/\/+$/, ''))
  return {
    folder,
    values: (chart.values ?? []).map((file) => joinPath(input.folder, file)),
    release: chart.release ?? releaseName(folder),
    namespace: chart.namespace,
    root: input.folder,
  }
}

/** Every chart that is no library and no part of another chart. */
function foundCharts(io: CliIo, input: MeshInput): ChartRequest[] {
  const steps = walk(io.host, input.paths, {
    maxFiles: input.settings.maxFiles,
    isExcluded: compileExclude(input.settings.exclude, input.folder),
  })
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  const folders = step.value
    .filter(({ path }) => path.endsWith(`/${CHART}`))
    .map(({ path }) => path.slice(0, -CHART.length - 1))
  return folders
    .filter((folder) => !folders.some((other) => isInside(folder, `${other}/charts`)))
    .filter((folder) => !/^type:\s*["']?library\b/m.test(chartText(io, folder)))
    .map((folder) => ({
      folder,
      values: [],
      release: releaseName(folder),
      namespace: undefined,
      root: input.paths.find((path) => isInside(folder, path)) ?? input.folder,
    }))
}

function chartText(io: CliIo, folder: string): string {
  try {
    const bytes = readContained(io.host, `${folder}/${CHART}`, {
      root: folder,
      maxBytes: MAX_CHART_BYTES,
    })
    return bytes === 'too-large' ? '' : (decodeText(bytes).text ?? '')
  } catch (error) {
    if (error instanceof HostError) return ''
    throw error
  }
}

/** The name of a folder as the name of a release: at most 53 small letters, digits and dashes. */
function releaseName(folder: string): string {
  const name = folder
    .slice(folder.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 53)
    .replace(/^-|-$/g, '')
  return name === '' ? 'release' : name
}
