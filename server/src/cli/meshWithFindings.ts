import type { Analysis } from '@istio-ambient-policy/shared'
import { findingsOf, type ReportedFinding } from './checkReport.js'
import { asSingleMesh } from './inputs.js'
import type { CliIo } from './io.js'
import { loadMeshes, loadOneMesh } from './loadMesh.js'
import { absolutePath, displayPath, STDIN } from './paths.js'

/** The complete mesh of some paths, and what `check` finds in it. */
export interface MeshWithFindings {
  /** Its mesh is closed: an object that is not in the files does not exist. */
  readonly analysis: Analysis
  readonly findings: readonly ReportedFinding[]
  /** The text of a file, by its name in outputs. */
  textOf(shown: string): string | undefined
  /** Whether a file could not be read. Standard error has the reason. */
  readonly incomplete: boolean
}

/** Reads the paths twice: as the complete mesh, and as `check` does, where an object that is not in them may exist. */
export async function loadWithFindings(
  io: CliIo,
  paths: readonly string[],
): Promise<MeshWithFindings> {
  const stdin = paths.includes('-') ? await io.readStdin() : new Uint8Array()
  const ioOnce: CliIo = { ...io, readStdin: () => Promise.resolve(stdin) }
  const input = asSingleMesh(ioOnce, paths)
  const { analysis, incomplete } = await loadOneMesh(ioOnce, input)
  const quiet: CliIo = { ...ioOnce, warn: () => undefined }
  const open = await loadMeshes(quiet, input, { world: 'open' })
  const found = findingsOf(open.meshes.analyses(), (file) => displayPath(io.cwd, file))
  return {
    analysis,
    findings: found.map(({ reported }) => reported),
    textOf: (shown) => open.textOf(shown === STDIN ? STDIN : absolutePath(io.cwd, shown)),
    incomplete,
  }
}
