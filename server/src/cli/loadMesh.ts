import { createHash } from 'node:crypto'
import {
  Analysis,
  WorkspaceMeshes,
  type FileChange,
  type World,
} from '@istio-ambient-policy/shared'
import { HostError } from '../host.js'
import { decodeText } from '../workspace/decodeText.js'
import { compileExclude } from '../workspace/exclude.js'
import { scan } from '../workspace/scan.js'
import type { ScanProblem } from '../workspace/scanStep.js'
import { describeInput, type MeshInput } from './inputs.js'
import { CommandFailure, type CliIo } from './io.js'
import { displayPath, STDIN } from './paths.js'

const BYTES_PER_MEGABYTE = 1_000_000
/** Texts are handed over in batches, so that not all of a large workspace's text is in memory at once. */
const BATCH_CHARACTERS = 16_000_000

/** Files that were read, as the meshes they make. */
export interface LoadedMeshes {
  readonly meshes: WorkspaceMeshes
  /** Larger files are not read. */
  readonly maxBytes: number
  /** Texts that files are to have and that count from now on, whether they are written or not. */
  readonly newTexts: Map<string, string>
  /** The present text of a file. */
  textOf(file: string): string | undefined
  /** Whether this is the text that was read; known only where it was asked to be remembered. */
  wasRead(file: string, text: string): boolean
  /** Something that should have been read could not be. It was told on standard error. */
  readonly incomplete: boolean
}

interface LoadOptions {
  readonly world: World
  /** Remember what was read, so that a change on disk shows. */
  readonly remember?: boolean
}

/** Reads an input. What is to be told of its files goes to standard error. */
export async function loadMeshes(
  io: CliIo,
  input: MeshInput,
  { world, remember }: LoadOptions,
): Promise<LoadedMeshes> {
  const { settings, folder } = input
  const maxBytes = settings.maxFileSize * BYTES_PER_MEGABYTE
  const problems: ScanProblem[] = []
  const stdin = input.stdin ? await readStdin(io, maxBytes, problems) : undefined
  const newTexts = new Map<string, string>()
  const readText = (file: string): string | undefined =>
    newTexts.get(file) ?? (file === STDIN ? stdin : readAgain(io, file, maxBytes))
  const meshes = new WorkspaceMeshes(folder, {
    settings,
    world,
    levels: settings.rules,
    meshRoots: settings.meshRoots,
    readText,
  })
  const digests = new Map<string, string>()
  let batch: FileChange[] = []
  let characters = 0
  const hand = (): void => {
    meshes.update(batch)
    batch = []
    characters = 0
  }
  const take = (file: string, text: string): void => {
    batch.push({ file, text })
    if (remember) digests.set(file, digestOf(text))
    characters += text.length
    if (characters >= BATCH_CHARACTERS) hand()
  }
  for (const step of scan(io.host, input.paths, {
    maxFiles: settings.maxFiles,
    maxBytes,
    isExcluded: compileExclude(settings.exclude, folder),
  })) {
    if (step.type === 'file') take(step.file, step.text)
    else if (step.type === 'problem') problems.push(step.problem)
  }
  if (stdin !== undefined) take(STDIN, stdin)
  hand()
  meshes.settle()
  for (const notice of meshes.notices) io.complain(notice)
  for (const { path, message } of problems) io.complain(`${displayPath(io.cwd, path)} ${message}`)
  return {
    meshes,
    maxBytes,
    newTexts,
    textOf: readText,
    wasRead: (file, text) => digests.get(file) === digestOf(text),
    incomplete: problems.some(({ severity }) => severity === 'failure'),
  }
}

/** Reads an input as one whole mesh: what the files do not show is not there. Templates, of which nothing is known, are named on standard error. */
export async function loadOneMesh(
  io: CliIo,
  input: MeshInput,
): Promise<{ readonly analysis: Analysis; readonly incomplete: boolean }> {
  const loaded = await loadMeshes(io, input, { world: 'closed' })
  const { incomplete } = loaded
  const meshes = loaded.meshes
    .analyses()
    .filter(({ files }) =>
      [...files.values()].some(({ documents }) =>
        documents.some(({ facts }) => facts.resources.length > 0),
      ),
    )
  if (meshes.length > 1)
    throw new CommandFailure(
      `${describeInput(io, input)} holds ${meshes.length} meshes (setting meshRoots): name one of them`,
    )
  const analysis =
    meshes[0] ??
    new Analysis({
      settings: input.settings,
      world: 'closed',
      levels: {},
      readText: () => undefined,
    })
  for (const mesh of loaded.meshes.analyses()) complainOfTemplates(io, mesh)
  return { analysis, incomplete }
}

function complainOfTemplates(io: CliIo, analysis: Analysis): void {
  for (const { file, documents } of analysis.files.values()) {
    const kinds = documents.flatMap(({ line, facts }) =>
      facts.opaqueKind === undefined ? [] : [`${facts.opaqueKind} in line ${line + 1}`],
    )
    if (kinds.length > 0)
      io.complain(
        `${displayPath(io.cwd, file)} is a template: not taken into account is ${kinds.join(', ')}`,
      )
  }
}

function digestOf(text: string): string {
  return createHash('sha1').update(text).digest('base64')
}

async function readStdin(
  io: CliIo,
  maxBytes: number,
  problems: ScanProblem[],
): Promise<string | undefined> {
  const bytes = await io.readStdin()
  if (bytes.length > maxBytes)
    throw new CommandFailure(
      `${STDIN} is larger than ${maxBytes / BYTES_PER_MEGABYTE} MB (setting maxFileSize)`,
    )
  const { text, notice } = decodeText(bytes)
  if (text === undefined) throw new CommandFailure(`${STDIN} ${notice}`)
  if (notice !== undefined) problems.push({ severity: 'notice', path: STDIN, message: notice })
  return text
}

function readAgain(io: CliIo, file: string, maxBytes: number): string | undefined {
  try {
    const bytes = io.host.readFile(file, maxBytes)
    return bytes === 'too-large' ? undefined : decodeText(bytes).text
  } catch (error) {
    if (error instanceof HostError) return undefined
    throw error
  }
}
