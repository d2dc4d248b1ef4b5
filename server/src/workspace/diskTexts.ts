import type { Settings } from '@istio-ambient-policy/shared'
import { HostError, type Host } from '../host.js'
import type { Log } from '../log.js'
import { decodeText } from './decodeText.js'
import { maxBytes } from './readFolder.js'

export interface DiskTextsOptions {
  readonly host: Host
  readonly log: Log
  /** The settings of the folder that a file lies in. */
  readonly settingsOf: (file: string) => Settings
}

/** Reads single files. One that is not there has no text; one that cannot be read, or is beyond the limit, has none either, and the log says why. */
export function diskTexts({ host, log, settingsOf }: DiskTextsOptions): (file: string) => string | undefined {
  return (file) => {
    if (!isOnDisk(file)) return undefined
    try {
      const bytes = host.readFile(file, maxBytes(settingsOf(file)))
      const { text, notice } = bytes === 'too-large' ? { text: undefined, notice: 'is larger than maxFileSize and was not read' } : decodeText(bytes)
      if (notice !== undefined) log.warn(`${file} ${notice}`)
      return text
    } catch (error) {
      if (!(error instanceof HostError)) throw error
      if (!error.missing) log.warn(`${file} ${error.message}`)
      return undefined
    }
  }
}

/** Whether a name is one of the file system's; others (of a virtual workspace) are known only while they are open. */
export function isOnDisk(file: string): boolean {
  return file.startsWith('/') || /^[a-z]:\//.test(file)
}
