import { HostError } from '../host.js'
import type { CliIo } from '../cli/io.js'
import { absolutePath, displayPath } from '../cli/paths.js'
import type { ProposedFiles } from './proposedHost.js'
import { ToolFailure } from './tool.js'

/** Reads paths of arguments: they must be inside the root folder, with links followed. */
export function pathsWithin(io: Pick<CliIo, 'host' | 'cwd'>, given: unknown): readonly string[] {
  const paths: unknown[] = Array.isArray(given) && given.length > 0 ? given : ['.']
  return paths.map((path) => within(io, String(path)))
}

function within({ host, cwd }: Pick<CliIo, 'host' | 'cwd'>, path: string): string {
  if (path.includes('\0')) throw new ToolFailure('A path contains a NUL character.')
  const root = rootOf(host, cwd)
  const absolute = absolutePath(cwd, path)
  if (!isInside(absolute, cwd)) throw outside(path)
  let real: string
  try {
    real = host.realPath(absolute)
  } catch (error) {
    if (error instanceof HostError) throw new ToolFailure(`${path} ${error.message}`)
    throw error
  }
  if (!isInside(real, root)) throw outside(path)
  // A relative path that begins with "./" is neither standard input nor a flag.
  const shown = displayPath(cwd, absolute)
  return shown.startsWith('-') ? `./${shown}` : shown
}

/** The root folder without symbolic links. It can be removed while the server runs. */
function rootOf(host: CliIo['host'], cwd: string): string {
  try {
    return host.realPath(cwd)
  } catch (error) {
    if (error instanceof HostError)
      throw new ToolFailure(`the root folder of this server ${error.message}`)
    throw error
  }
}

/** Reads the argument `proposed`. The files need not exist. */
export function proposedFiles({ cwd }: Pick<CliIo, 'cwd'>, given: unknown): ProposedFiles {
  const files: unknown[] = Array.isArray(given) ? given : []
  return new Map(
    files.map((each) => {
      const { file, text } = each as { readonly file: string; readonly text: string }
      const path = absolutePath(cwd, file)
      if (path === cwd || !isInside(path, cwd) || file.includes('\0')) throw outside(file)
      return [path, text]
    }),
  )
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

function outside(path: string): ToolFailure {
  return new ToolFailure(`${path} is outside of the root folder of this server`)
}
