const SCHEME = /^[a-z][a-z0-9+.-]+:/i
const DRIVE = /^\/?([A-Za-z]:)(\/.*)?$/

/**
 * The analysis' name of a document: a path with `/` for a `file:` URI, else the URI itself. Editors spell one URI in several ways (`%40`, `@`); the name
 * is one.
 */
export function fileOfUri(uri: string): string {
  if (!uri.startsWith('file:')) return uri
  const [, host = '', path = ''] = /^file:(?:\/\/([^/]*))?(.*)$/.exec(uri) ?? []
  const decoded = decode(path)
  const drive = DRIVE.exec(decoded)
  if (drive) return `${(drive[1] ?? '').toLowerCase()}${drive[2] ?? '/'}`
  return host === '' || host === 'localhost' ? decoded : `//${decode(host)}${decoded}`
}

/** The URI of a file, spelt as VS Code spells it. */
export function uriOfFile(file: string): string {
  if (DRIVE.test(file)) return `file:///${encodePath(file)}`
  if (SCHEME.test(file)) return file
  return file.startsWith('//') ? `file:${encodePath(file)}` : `file://${encodePath(file)}`
}

function encodePath(path: string): string {
  return path
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/')
}

/** A stray `%` is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
