import type { Settings } from '@istio-ambient-policy/shared'
import type { Files } from '../files.js'
import { HostError } from '../host.js'
import type { Log } from '../log.js'
import { decodeText } from './decodeText.js'
import { maxBytes } from './readFolder.js'

interface DiskTextsOptions {
  readonly files: Files
  readonly log: Log
  /** The settings of the folder of a file. */
  readonly settingsOf: (file: string) => Settings
}

/**
 * A function that reads single files. It returns undefined if a file does not exist, cannot be read or is too
 * large. The log has the reason for the last two.
 */
export function diskTexts({
  files,
  log,
  settingsOf,
}: DiskTextsOptions): (file: string) => string | undefined {
  return (file) => {
    if (!files.has(file)) return undefined
    try {
      const bytes = files.readFile(file, maxBytes(settingsOf(file)))
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
