import { readSettingsFile, SETTINGS_FILE, type GivenSettings } from '@istio-ambient-policy/shared'
import { HostError, type Host } from '../host.js'
import { readContained } from './containedFile.js'
import { decodeText } from './decodeText.js'

const MAX_BYTES = 1_000_000

/** A settings file. `problem` is its first problem, with the line, which starts at one. */
interface LoadedSettingsFile {
  readonly settings: GivenSettings
  readonly problem: { readonly line: number | undefined; readonly message: string } | undefined
}

/** Reads a settings file; undefined if it does not exist. */
export function loadSettingsFile(host: Host, path: string): LoadedSettingsFile | undefined {
  const unusable = (message: string): LoadedSettingsFile => ({
    settings: {},
    problem: { line: undefined, message },
  })
  try {
    const bytes = readContained(host, path, { root: repositoryOf(host, path), maxBytes: MAX_BYTES })
    if (bytes === 'too-large') return unusable('is too large')
    const { text, notice } = decodeText(bytes)
    if (text === undefined || notice !== undefined) return unusable(notice ?? 'cannot be read')
    const { settings, problems } = readSettingsFile(text)
    const [first] = problems
    if (!first) return { settings, problem: undefined }
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
    return {
      settings,
      problem: { line: first.range.start.line + 1, message: first.message + more },
    }
  } catch (error) {
    if (!(error instanceof HostError)) throw error
    return error.missing ? undefined : unusable(error.message)
  }
}

/**
 * The settings file of a folder: in the folder, or the nearest one above it, up to the root of the Git repository.
 * Outside a repository, up to `top`.
 */
export function findSettingsFile(host: Host, folder: string, top: string): string | undefined {
  const folders = upwards(folder)
  const repository = folders.findIndex((candidate) => exists(host, `${candidate}/.git`))
  const end = repository >= 0 ? repository : Math.max(0, folders.indexOf(top))
  return folders
    .slice(0, end + 1)
    .map((candidate) => `${candidate === '/' ? '' : candidate}/${SETTINGS_FILE}`)
    .find((file) => exists(host, file))
}

/** The Git repository of a file; its folder outside of a repository. */
export function repositoryOf(host: Host, file: string): string {
  const folders = upwards(file).slice(1)
  return (
    folders.find((folder) => exists(host, `${folder}/.git`)) ??
    (file.slice(0, file.lastIndexOf('/')) || '/')
  )
}

function upwards(folder: string): string[] {
  const parent = folder.slice(0, folder.lastIndexOf('/'))
  return parent === '' || parent === folder ? [folder] : [folder, ...upwards(parent)]
}

function exists(host: Host, path: string): boolean {
  try {
    host.kindOf(path)
    return true
  } catch (error) {
    if (error instanceof HostError) return !error.missing
    throw error
  }
}
