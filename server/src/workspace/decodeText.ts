/**
 * The text of a file, or undefined. `notice` is a problem to show to the user, such as `is binary and was not
 * read`.
 */
type DecodedText =
  | { readonly text: string; readonly notice: string | undefined }
  | { readonly text: undefined; readonly notice: string }

// `ignoreBOM` keeps the byte order mark in the text, so that offsets are the same as in the editor.
const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const LENIENT = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Decodes UTF-8, the only encoding of the Kubernetes tools. Invalid characters are replaced, so that the rest can
 * be read.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { text: undefined, notice: 'is UTF-16 and was not read: save it as UTF-8' }
  const hasNul = bytes.includes(0)
  const text = decodeStrictly(bytes)
  if (text !== undefined)
    return {
      text,
      notice: hasNul ? 'contains NUL characters: it is not plain UTF-8 text' : undefined,
    }
  if (hasNul) return { text: undefined, notice: 'is binary and was not read' }
  return {
    text: LENIENT.decode(bytes),
    notice: 'is not valid UTF-8: invalid characters were replaced',
  }
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
