import { createHash } from 'node:crypto'
import {
  Analysis,
  WorkspaceMeshes,
  type FileChange,
  type UnusualDocument,
  unusualDocuments,
  type World,
} from '@istio-ambient-policy/shared'
import { HostError } from '../host.js'
import { isWithin, readContained } from '../workspace/containedFile.js'
import { decodeText } from '../workspace/decodeText.js'
import { compileExclude } from '../workspace/exclude.js'
import { maxBytes as maxBytesOf } from '../workspace/readFolder.js'
import { decodedSteps, scanBytes } from '../workspace/scan.js'
import type { ByteStep, ScanProblem } from '../workspace/scanStep.js'
import { kindOfArgument } from './argument.js'
import { isReplaced, renderCharts } from './charts.js'
import {
  inputReport,
  NAMED,
  NAMED_WITH_FINDINGS,
  type InputFacts,
  type InputReport,
} from './inputFacts.js'
import { describeInput, type MeshInput } from './inputs.js'
import { CommandFailure, type CliIo } from './io.js'
import { notReadParts } from './notRead.js'
import { displayPath, STDIN } from './paths.js'
import { warnAboutTemplates } from './templateWarnings.js'

/** Texts are analysed in batches, so that the texts of a large workspace are never all in memory. */
const BATCH_CHARACTERS = 16_000_000
/** A batch between two pauses. */
const PAUSED_CHARACTERS = 100_000

/** The meshes of an input, and the texts of their files. */
export interface LoadedMeshes extends InputReport {
  readonly meshes: WorkspaceMeshes
  readonly facts: InputFacts
  /** The bytes of a file on disk. Throws a `HostError`. */
  readBytes(file: string): Uint8Array | 'too-large'
  /** Changed texts, which replace the texts on disk. */
  readonly newTexts: Map<string, string>
  /** The current text of a file. */
  textOf(file: string): string | undefined
  /** Whether this is the text that was read. Needs the option `remember`. */
  wasRead(file: string, text: string): boolean
  /** Whether Helm has rendered a file here, so that it is not on disk. */
  isRendered(file: string): boolean
}

interface LoadOptions {
  readonly world: World
  /** Remembers the texts that were read, to notice changes on disk. */
  readonly remember?: boolean
  /** Finds the meshes of overlays in the closed world too. */
  readonly detectsRoots?: boolean
  /** The command prints findings, which have the errors of syntax. Otherwise a notice names these documents. */
  readonly showsFindings?: boolean
  /** Called with each step of the scan, before the bytes of a file are decoded. */
  readonly onStep?: (step: ByteStep) => void
}

/** Reads an input. Notices and problems go to standard error. */
export async function loadMeshes(
  io: CliIo,
  input: MeshInput,
  { world, remember, detectsRoots, showsFindings, onStep }: LoadOptions,
): Promise<LoadedMeshes> {
  const { settings, folder } = input
  const maxBytes = maxBytesOf(settings)
  const problems: ScanProblem[] = []
  const streams = new Map(
    input.paths
      .filter((path) => kindOfArgument(io, path) === 'stream')
      .map((path) => [path, readStream(io, path, { maxBytes, problems })]),
  )
  if (input.stdin) streams.set(STDIN, await readStdin(io, maxBytes, problems))
  const charts = await renderCharts(io, input)
  const rendered = new Map(charts.rendered.map((chart) => [chart.file, chart]))
  const newTexts = new Map<string, string>()
  const readBytes = bytesOf(io, input)
  const readText = (file: string): string | undefined =>
    newTexts.get(file) ??
    rendered.get(file)?.output.text ??
    streams.get(file) ??
    readAgain(file, readBytes)
  const meshes = new WorkspaceMeshes(folder, {
    settings,
    world,
    levels: settings.rules,
    meshRoots: settings.meshRoots,
    ignoreComments: input.ignoreComments ?? true,
    workLimit: io.workLimit,
    chartsWithNotice: charts.failed,
    namespaceOf: (file) => rendered.get(file)?.namespace,
    ...(detectsRoots === undefined ? {} : { detectsRoots }),
    readText,
  })
  const withSource = new Set<string>()
  const unusual = new Map<string, readonly UnusualDocument[]>()
  const digests = new Map<string, string>()
  let batch: FileChange[] = []
  let characters = 0
  const analyseBatch = (): void => {
    meshes.update(batch)
    batch = []
    characters = 0
  }
  const { onWork, pause } = io
  // The message about a timeout names one file.
  const batchCharacters = onWork ? 0 : pause ? PAUSED_CHARACTERS : BATCH_CHARACTERS
  const addText = (file: string, text: string): void => {
    onWork?.(`reading ${displayPath(io.cwd, file)}`)
    batch.push({ file, text })
    if (text.includes('# Source: ')) withSource.add(file)
    const found = unusualDocuments(text)
    if (found.length > 0) unusual.set(file, found)
    if (remember) digests.set(file, digestOf(text))
    characters += text.length
    if (characters >= batchCharacters) analyseBatch()
  }
  const paths = input.paths.filter((path) => !streams.has(path))
  for (const bytes of scanInput(io, { ...input, paths })) {
    if (pause) await pause()
    onStep?.(bytes)
    for (const step of decodedSteps(bytes)) {
      if (step.type === 'file') {
        const { file, text } = step
        if (!charts.rendered.some((chart) => isReplaced(chart, file, text))) addText(file, text)
      } else if (step.type === 'problem') problems.push(step.problem)
    }
  }
  for (const [name, text] of streams) addText(name, text)
  for (const { file, output } of charts.rendered) addText(file, output.text)
  analyseBatch()
  onWork?.('comparing the files')
  meshes.updateMeshRoots()
  const facts: InputFacts = {
    notices: meshes.notices,
    problems,
    parts: notReadParts(meshes, (file) => unusual.get(file) ?? []),
    withSource,
    chartFolders: () =>
      meshes
        .analyses()
        .flatMap((analysis) =>
          [...analysis.files.values()].flatMap(({ chart }) => chart?.folder ?? []),
        ),
  }
  onWork?.('evaluating the mesh')
  return {
    meshes,
    facts,
    readBytes,
    ...inputReport(io, input, facts, {
      textOf: readText,
      charts: charts.rendered,
      named: showsFindings === true ? NAMED_WITH_FINDINGS : NAMED,
    }),
    isRendered: (file) => rendered.has(file),
    newTexts,
    textOf: readText,
    wasRead: (file, text) => digests.get(file) === digestOf(text),
  }
}

/** Reads an input as one complete mesh: objects that are not in the files do not exist. Warns about templates. */
export async function loadOneMesh(
  io: CliIo,
  input: MeshInput,
): Promise<
  { readonly analysis: Analysis } & Pick<LoadedMeshes, 'incomplete' | 'notRead' | 'placeOf'>
> {
  const loaded = await loadMeshes(io, input, { world: 'closed' })
  const { incomplete, notRead, placeOf } = loaded
  const meshes = loaded.meshes
    .analyses()
    .filter(({ files }) =>
      [...files.values()].some(({ documents }) =>
        documents.some(({ facts }) => facts.resources.length > 0),
      ),
    )
  if (meshes.length > 1)
    throw new CommandFailure(
      `${describeInput(io, input)} contains ${meshes.length} meshes (setting meshRoots): use the paths of one of them`,
    )
  const analysis =
    meshes[0] ??
    // Templates are no objects, but a destination can be one of them.
    loaded.meshes.analyses()[0] ??
    new Analysis({
      settings: input.settings,
      world: 'closed',
      levels: {},
      readText: () => undefined,
    })
  const hasTemplates = warnAboutTemplates(io, loaded.meshes.analyses())
  if (meshes.length === 0 && !hasTemplates)
    io.warn(`${describeInput(io, input)} has no Kubernetes objects`)
  return { analysis, incomplete, notRead, placeOf }
}

/** The steps of a scan of an input. */
export function scanInput(
  io: CliIo,
  { paths, settings, folder }: MeshInput,
): Generator<ByteStep, void, undefined> {
  return scanBytes(io.host, paths, {
    maxFiles: settings.maxFiles,
    maxBytes: maxBytesOf(settings),
    isExcluded: compileExclude(settings.exclude, folder),
  })
}

/** Reads the bytes of files of an input. A symbolic link is followed as in the scan. */
function bytesOf(
  io: CliIo,
  { paths, folder, settings }: MeshInput,
): (file: string) => Uint8Array | 'too-large' {
  return (file) =>
    readContained(io.host, file, {
      root: [...paths, folder, io.cwd].find((path) => isWithin(file, path)) ?? io.cwd,
      maxBytes: maxBytesOf(settings),
    })
}

/** The texts of the files of an input on disk. */
export function diskTextsOf(io: CliIo, input: MeshInput): (file: string) => string | undefined {
  const readBytes = bytesOf(io, input)
  return (file) => readAgain(file, readBytes)
}

function digestOf(text: string): string {
  return createHash('sha1').update(text).digest('base64')
}

async function readStdin(io: CliIo, maxBytes: number, problems: ScanProblem[]): Promise<string> {
  const bytes = await io.readStdin(maxBytes)
  if (bytes.length === 0) problems.push({ severity: 'notice', path: STDIN, message: 'is empty' })
  return streamText(STDIN, bytes, { name: STDIN, maxBytes, problems })
}

interface StreamOptions {
  readonly maxBytes: number
  readonly problems: ScanProblem[]
}

function readStream(io: CliIo, path: string, options: StreamOptions): string {
  const name = displayPath(io.cwd, path)
  try {
    const bytes = io.host.readStream(path, options.maxBytes)
    return streamText(path, bytes, { name, ...options })
  } catch (error) {
    if (error instanceof HostError) throw new CommandFailure(`${name} ${error.message}`)
    throw error
  }
}

function streamText(
  path: string,
  bytes: Uint8Array | 'too-large',
  { name, maxBytes, problems }: StreamOptions & { readonly name: string },
): string {
  if (bytes === 'too-large')
    throw new CommandFailure(
      `${name} is larger than ${maxBytes / 1_000_000} MB (setting maxFileSize)`,
    )
  const { text, notice } = decodeText(bytes)
  if (text === undefined) throw new CommandFailure(`${name} ${notice}`)
  if (notice !== undefined) problems.push({ severity: 'notice', path, message: notice })
  return text
}

function readAgain(
  file: string,
  readBytes: (file: string) => Uint8Array | 'too-large',
): string | undefined {
  try {
    const bytes = readBytes(file)
    return bytes === 'too-large' ? undefined : decodeText(bytes).text
  } catch (error) {
    if (error instanceof HostError) return undefined
    throw error
  }
}
