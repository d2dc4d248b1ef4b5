import { joinPath, SETTINGS_FILE } from '@istio-ambient-policy/shared'

/** The files are in a folder that does not exist, so that their paths can be relative. */
export const FOLDER = '/mesh'

/** The texts that a program gives, by their paths in `FOLDER`. */
export interface GivenFiles {
  readonly texts: ReadonlyMap<string, string>
  /** The text of the settings file. */
  readonly settings: string | undefined
  /** The path of a file as the program has given it. */
  nameOf(file: string): string
}

/** Throws a `TypeError` for anything but an object with texts: a program can be without types. */
export function givenFiles(files: unknown): GivenFiles {
  if (typeof files !== 'object' || files === null || Array.isArray(files) || files instanceof Map)
    throw new TypeError('files must be an object with the text of each file by its path')
  const texts = new Map<string, string>()
  const names = new Map<string, string>()
  for (const [name, text] of Object.entries(files)) {
    if (typeof text !== 'string') throw new TypeError(`the text of "${name}" must be a string`)
    const path = joinPath(FOLDER, name.replaceAll('\\', '/'))
    const other = names.get(path)
    if (other !== undefined) throw new TypeError(`"${other}" and "${name}" are the same file`)
    names.set(path, name)
    texts.set(path, text)
  }
  const settingsFile = joinPath(FOLDER, SETTINGS_FILE)
  const settings = texts.get(settingsFile)
  texts.delete(settingsFile)
  return { texts, settings, nameOf: (file) => names.get(file) ?? file }
}
