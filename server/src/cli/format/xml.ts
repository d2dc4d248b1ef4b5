/** Characters that XML 1.0 does not allow, not even escaped. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Characters that a terminal can take for a command. */
const UNPRINTABLE = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu
/** What the log of a GitHub workflow takes for a command. */
const COMMAND = /^[^\S\r\n]*::|##\[/gm

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
  ':': '&#58;',
  '[': '&#91;',
}

/** An element with its attributes; `content` is already XML. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content = '',
): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escape(String(value), /[&<>"\t\n\r]/g)}"`)
    .join('')
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`
}

/** Escapes text between elements. */
export function xmlText(text: string): string {
  return escape(text, /[&<>\r\t]/g)
}

function escape(text: string, characters: RegExp): string {
  return text
    .replace(FORBIDDEN, '\ufffd')
    .replace(UNPRINTABLE, '\ufffd')
    .replace(characters, (character) => ENTITIES[character] ?? character)
    .replace(COMMAND, (start) => start.replace(/[:[]/, (mark) => ENTITIES[mark] ?? mark))
}
