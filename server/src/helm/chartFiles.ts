import { HostError, type Host } from '../host.js'
import { isWithin } from '../workspace/containedFile.js'

/** The files of a chart by their paths, relative to its folder. */
export type ChartFiles = ReadonlyMap<string, Uint8Array>

/** Why a chart is not rendered. The message continues a sentence after its path. */
export class ChartError extends Error {
  override readonly name = 'ChartError'
}

const MAX_FILES = 5_000
const MAX_BYTES = 50_000_000

/**
 * Reads all files of a chart. Symbolic links are followed, but not out of `root`.
 *
 * @param root without symbolic links.
 */
export function readChartFiles(host: Host, folder: string, root: string): ChartFiles {
  const files = new Map<string, Uint8Array>()
  let bytes = 0
  const visit = (below: string, above: readonly string[]): void => {
    const path = below === '' ? folder : `${folder}/${below}`
    const real = realPathIn(host, path, root)
    if (host.kindOf(path) === 'directory') {
      if (above.includes(real)) return
      for (const { name } of host.readDirectory(path))
        if (name !== '.git') visit(below === '' ? name : `${below}/${name}`, [...above, real])
      return
    }
    const content = host.readFile(real, MAX_BYTES)
    bytes += content === 'too-large' ? MAX_BYTES + 1 : content.length
    if (content === 'too-large' || bytes > MAX_BYTES || files.size >= MAX_FILES)
      throw new ChartError(
        `has more than ${MAX_FILES} files or more than ${MAX_BYTES / 1_000_000} MB`,
      )
    files.set(below, content)
  }
  asChartError(() => {
    visit('', [])
  })
  if (!files.has('Chart.yaml')) throw new ChartError('has no Chart.yaml')
  return files
}

/** Reads a values file, which must be inside of `root`. */
export function readValuesFile(host: Host, path: string, root: string): Uint8Array {
  return asChartError(() => {
    const content = host.readFile(realPathIn(host, path, root), MAX_BYTES)
    if (content === 'too-large') throw new ChartError(`has values that are too large: ${path}`)
    return content
  }, `cannot be rendered: its values file ${path}`)
}

function realPathIn(host: Host, path: string, root: string): string {
  const real = host.realPath(path)
  if (!isWithin(real, root)) throw new ChartError(`leads out of the folder ${root}: ${path}`)
  return real
}

function asChartError<T>(work: () => T, before = ''): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof HostError) throw new ChartError(`${before} ${error.message}`.trim())
    throw error
  }
}
