import { DEFAULT_SETTINGS, type Settings } from '@istio-ambient-policy/shared'
import type { Files } from '../files.js'
import { HostError } from '../host.js'
import type { Log } from '../log.js'
import { readContained } from './containedFile.js'
import { decodeText } from './decodeText.js'
import { maxBytes } from './readFolder.js'

interface DiskTextsOptions {
  readonly files: Files
  readonly log: Log
  /** The folder of a file and its settings; undefined for a file outside of all folders. */
  readonly folderOf: (
    file: string,
  ) => { readonly folder: string; readonly settings: Settings } | undefined
}

/**
 * A function that reads single files. It returns undefined if a file does not exist, cannot be read or is too
 * large. The log has the reason for the last two.
 */
export function diskTexts({
  files,
  log,
  folderOf,
}: DiskTextsOptions): (file: string) => string | undefined {
  return (file) => {
    if (!files.has(file)) return undefined
    try {
      const { folder, settings } = folderOf(file) ?? {
        folder: file.slice(0, file.lastIndexOf('/')),
        settings: DEFAULT_SETTINGS,
      }
      const bytes = readContained(files, file, { root: folder, maxBytes: maxBytes(settings) })
      const { text, notice } =
        bytes === 'too-large'
          ? { text: undefined, notice: 'is larger than maxFileSize and was not read' }
          : decodeText(bytes)
      if (notice !== undefined) log.warn(`${file} ${notice}`)
      return text
    } catch (error) {
      if (!(error instanceof HostError)) throw error
      if (!error.missing) log.warn(`${file} ${error.message}`)
      return undefined
    }
  }
}
