const SCHEME = /^[a-z][a-z0-9+.-]+:/i
const DRIVE = /^\/?([A-Za-z]:)(\/.*)?$/

/**
 * The name of a document in the analysis: a path with `/` for a `file:` URI, otherwise the URI. Editors write the same
 * `file:` URI in several ways (`%40`, `@`), which have the same path.
 */
export function fileOfUri(uri: string): string {
  if (!uri.startsWith('file:')) return uri
  const [, host = '', path = ''] = /^file:(?:\/\/([^/]*))?([^]*)$/.exec(uri) ?? []
  const decoded = decode(path)
  const drive = DRIVE.exec(decoded)
  if (drive) return `${(drive[1] ?? '').toLowerCase()}${drive[2] ?? '/'}`
  return host === '' || host === 'localhost' ? decoded : `//${decode(host)}${decoded}`
}

/** The URI of a file, in the form of VS Code. */
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

/** A `%` that is not part of an escape sequence stays unchanged. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
