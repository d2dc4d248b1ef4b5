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
import { maxBytes as maxBytesOf } from '../workspace/readFolder.js'
import { scan } from '../workspace/scan.js'
import type { ScanProblem } from '../workspace/scanStep.js'
import { describeInput, type MeshInput } from './inputs.js'
import { CommandFailure, type CliIo } from './io.js'
import { displayPath, STDIN } from './paths.js'

/** Texts are analysed in batches, so that the texts of a large workspace are never all in memory. */
const BATCH_CHARACTERS = 16_000_000

/** The meshes of an input, and the texts of their files. */
export interface LoadedMeshes {
  readonly meshes: WorkspaceMeshes
  /** Larger files are not read. */
  readonly maxBytes: number
  /** Changed texts, which replace the texts on disk. */
  readonly newTexts: Map<string, string>
  /** The current text of a file. */
  textOf(file: string): string | undefined
  /** Whether this is the text that was read. Needs the option `remember`. */
  wasRead(file: string, text: string): boolean
  /** Whether a file could not be read. Standard error has the reason. */
  readonly incomplete: boolean
}

interface LoadOptions {
  readonly world: World
  /** Remembers the texts that were read, to notice changes on disk. */
  readonly remember?: boolean
  /** Finds the meshes of overlays in the closed world too. */
  readonly detectsRoots?: boolean
}

/** Reads an input. Notices and problems go to standard error. */
export async function loadMeshes(
  io: CliIo,
  input: MeshInput,
  { world, remember, detectsRoots }: LoadOptions,
): Promise<LoadedMeshes> {
  const { settings, folder } = input
  const maxBytes = maxBytesOf(settings)
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
    ...(detectsRoots === undefined ? {} : { detectsRoots }),
    readText,
  })
  const digests = new Map<string, string>()
  let batch: FileChange[] = []
  let characters = 0
  const analyseBatch = (): void => {
    meshes.update(batch)
    batch = []
    characters = 0
  }
  const addText = (file: string, text: string): void => {
    batch.push({ file, text })
    if (remember) digests.set(file, digestOf(text))
    characters += text.length
    if (characters >= BATCH_CHARACTERS) analyseBatch()
  }
  for (const step of scan(io.host, input.paths, {
    maxFiles: settings.maxFiles,
    maxBytes,
    isExcluded: compileExclude(settings.exclude, folder),
  })) {
    if (step.type === 'file') addText(step.file, step.text)
    else if (step.type === 'problem') problems.push(step.problem)
  }
  if (stdin !== undefined) addText(STDIN, stdin)
  analyseBatch()
  meshes.updateMeshRoots()
  for (const notice of meshes.notices) io.warn(notice)
  for (const { path, message } of problems) io.warn(`${displayPath(io.cwd, path)} ${message}`)
  return {
    meshes,
    maxBytes,
    newTexts,
    textOf: readText,
    wasRead: (file, text) => digests.get(file) === digestOf(text),
    incomplete: problems.some(({ severity }) => severity === 'failure'),
  }
}

/** Reads an input as one complete mesh: objects that are not in the files do not exist. Warns about templates. */
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
      `${describeInput(io, input)} contains ${meshes.length} meshes (setting meshRoots): use the paths of one of them`,
    )
  const analysis =
    meshes[0] ??
    new Analysis({
      settings: input.settings,
      world: 'closed',
      levels: {},
      readText: () => undefined,
    })
  for (const mesh of loaded.meshes.analyses()) warnAboutTemplates(io, mesh)
  return { analysis, incomplete }
}

function warnAboutTemplates(io: CliIo, analysis: Analysis): void {
  for (const { file, documents } of analysis.files.values()) {
    const kinds = documents.flatMap(({ line, facts }) =>
      facts.opaqueKind === undefined ? [] : [`${facts.opaqueKind} in line ${line + 1}`],
    )
    if (kinds.length > 0)
      io.warn(
        `${displayPath(io.cwd, file)} contains templates, which are ignored: ${kinds.join(', ')}`,
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
      `${STDIN} is larger than ${maxBytes / 1_000_000} MB (setting maxFileSize)`,
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
