import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Host } from '../host.js'
import { ChartError, readChartFiles, readValuesFile, type ChartFiles } from './chartFiles.js'
import type { HelmCommand } from './helmCommand.js'
import { TemplateMarks, type TemplatePlace } from './markedOutput.js'

/** A chart to render. All paths are absolute. */
export interface ChartRequest {
  readonly folder: string
  readonly values: readonly string[]
  readonly release: string
  readonly namespace: string | undefined
  /** The chart and its values must be inside of this folder, also after symbolic links are followed. */
  readonly root: string
}

/** The output of `helm template` for a chart. */
export interface ChartOutput {
  readonly text: string
  /** The template line of each line of the text, where it is known. */
  readonly places: readonly (TemplatePlace | undefined)[]
}

/** Templates that take no comments at some lines are rendered without them, at most so often. */
const MAX_RETRIES = 5
const TEMPLATE = /(?:^|\/)templates\/.*\.ya?ml$/
const BROKEN_TEMPLATE = /(?:YAML parse error on|parse error at \(|template: ) ?([^\s:()]+\.ya?ml)/
/** What the API server of a mesh serves in addition to Kubernetes: charts ask for it. */
const API_VERSIONS = [
  'gateway.networking.k8s.io/v1',
  'gateway.networking.k8s.io/v1/Gateway',
  'gateway.networking.k8s.io/v1/HTTPRoute',
  'networking.istio.io/v1',
  'networking.istio.io/v1/ServiceEntry',
  'security.istio.io/v1',
  'security.istio.io/v1/AuthorizationPolicy',
  'security.istio.io/v1/PeerAuthentication',
  'security.istio.io/v1/RequestAuthentication',
]

/** Renders charts with the user's `helm`, from copies in temporary folders. Remembers what it has rendered. */
export class ChartRenderer {
  readonly #host: Host
  readonly #helm: HelmCommand
  readonly #outputs = new Map<string, ChartOutput>()

  constructor(host: Host, helm: HelmCommand) {
    this.#host = host
    this.#helm = helm
  }

  /** Renders a chart. Throws a `ChartError` if that is not possible. */
  async render(request: ChartRequest): Promise<ChartOutput> {
    const root = this.#host.realPath(request.root)
    const files = readChartFiles(this.#host, request.folder, root)
    const values = request.values.map((file) => readValuesFile(this.#host, file, root))
    const key = contentKey(request, files, values)
    const known = this.#outputs.get(key)
    if (known) return known
    const temporary = mkdtempSync(join(tmpdir(), 'ambient-policy-'))
    try {
      const output = await this.#renderIn(temporary, request, { files, values })
      this.#outputs.set(key, output)
      return output
    } finally {
      rmSync(temporary, { recursive: true, force: true })
    }
  }

  async #renderIn(
    temporary: string,
    request: ChartRequest,
    { files, values }: { readonly files: ChartFiles; readonly values: readonly Uint8Array[] },
  ): Promise<ChartOutput> {
    const valuesFiles = values.map((content, index) => {
      const file = join(temporary, `values-${index}.yaml`)
      writeFileSync(file, content)
      return file
    })
    const template = async (name: string, content: ChartFiles) => {
      const folder = join(temporary, name)
      for (const [path, bytes] of content) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), bytes)
      }
      return this.#helm(argumentsOf(request, folder, valuesFiles), temporary)
    }
    const result = await template('chart', files)
    if (result.status === 'missing')
      throw new ChartError('is not rendered: install helm, or check the output of "helm template"')
    if (result.status === 'timeout') throw new ChartError('is not rendered: helm takes too long')
    if (result.status === 'failed')
      throw new ChartError(`is not rendered: ${firstLine(result.message, temporary)}`)
    const skipped = new Set<string>()
    for (let attempt = 0; attempt <= MAX_RETRIES; attempt++) {
      const marks = new TemplateMarks(randomUUID())
      const marked = await template(`marked-${attempt}`, withMarks(files, marks, skipped))
      if (marked.status === 'ok')
        return { text: result.output, places: marks.placesOf(result.output, marked.output) }
      const broken = marked.status === 'failed' ? brokenTemplate(marked.message, files) : undefined
      if (broken === undefined || skipped.has(broken)) break
      skipped.add(broken)
    }
    return { text: result.output, places: [] }
  }
}

function argumentsOf(
  { release, namespace }: ChartRequest,
  folder: string,
  valuesFiles: readonly string[],
): string[] {
  return [
    'template',
    release,
    folder,
    // Pods of "helm test" are not part of a release.
    '--skip-tests',
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    ...valuesFiles.flatMap((file) => ['--values', file]),
    ...API_VERSIONS.flatMap((version) => ['--api-versions', version]),
  ]
}

function withMarks(
  files: ChartFiles,
  marks: TemplateMarks,
  skipped: ReadonlySet<string>,
): ChartFiles {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return new Map(
    [...files].map(([path, bytes]) => [
      path,
      TEMPLATE.test(path) && !skipped.has(path)
        ? Buffer.from(marks.mark(path, decoder.decode(bytes)))
        : bytes,
    ]),
  )
}

/** The template that an error of Helm names: `YAML parse error on shop/templates/policy.yaml: …`. */
function brokenTemplate(message: string, files: ChartFiles): string | undefined {
  const named = BROKEN_TEMPLATE.exec(message)?.[1]
  const path = named?.slice(named.indexOf('/') + 1)
  return path !== undefined && files.has(path) ? path : undefined
}

function firstLine(message: string, temporary: string): string {
  const [line = ''] = message.replaceAll(`${temporary}/`, '').split('\n')
  return line.replace(/^Error: /, '')
}

function contentKey(
  { folder, release, namespace }: ChartRequest,
  files: ChartFiles,
  values: readonly Uint8Array[],
): string {
  const hash = createHash('sha256').update(JSON.stringify([folder, release, namespace]))
  const add = (name: string, bytes: Uint8Array): void => {
    hash.update(JSON.stringify([name, bytes.length])).update(bytes)
  }
  for (const [path, bytes] of files) add(path, bytes)
  values.forEach((bytes, index) => {
    add(`--values ${index}`, bytes)
  })
  return hash.digest('hex')
}
