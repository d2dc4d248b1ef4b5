import type { Analysis } from '@istio-ambient-policy/shared'
import { findingsIn, reportFindings, type ReportedFinding } from './checkReport.js'
import { asSingleMesh, type InputOptions } from './inputs.js'
import type { CliIo } from './io.js'
import { loadMeshes, loadOneMesh, type LoadedMeshes } from './loadMesh.js'
import { absolutePath, STDIN } from './paths.js'
import { readStdinBytes } from './readInput.js'
import { checkInSteps } from './steps.js'

/** The complete mesh of some paths, and what `check` finds in it. */
export interface MeshWithFindings extends Pick<LoadedMeshes, 'incomplete' | 'notRead' | 'placeOf'> {
  /** Its mesh is closed: an object that is not in the files does not exist. */
  readonly analysis: Analysis
  readonly findings: readonly ReportedFinding[]
  /** The text of a file, by its name in outputs. */
  textOf(shown: string): string | undefined
}

/** Reads the paths twice: as the complete mesh, and as `check` does, where an object that is not in them may exist. */
export async function loadWithFindings(
  io: CliIo,
  paths: readonly string[],
  options: InputOptions = {},
): Promise<MeshWithFindings> {
  const stdin = paths.includes('-') ? await readStdinBytes(io) : new Uint8Array()
  const ioOnce: CliIo = {
    ...io,
    readStdin: (maxBytes) => Promise.resolve(stdin.length > maxBytes ? 'too-large' : stdin),
  }
  const input = asSingleMesh(ioOnce, paths, options)
  const closed = await loadOneMesh(ioOnce, input)
  const quiet: CliIo = { ...ioOnce, warn: () => undefined }
  const open = await loadMeshes(quiet, input, { world: 'open' })
  return {
    ...closed,
    findings: reportFindings(await checkInSteps(io, findingsIn(open.meshes)), open.placeOf),
    textOf: (shown) => open.textOf(shown === STDIN ? STDIN : absolutePath(io.cwd, shown)),
  }
}
