/**
 * What programs and web pages change in a line that they show: colours of a terminal, also as text; entities of HTML;
 * quotes of a typesetter; quotes and tabs with a backslash; doubled quotes of CSV; bars of a Markdown table.
 */
export function plainLine(line: string): string {
  let text = line.replace(COLOUR, '')
  if (text.includes('&'))
    text = text.replace(/&(?:quot|#34|lt|gt|amp);/g, (name) => ENTITIES[name] ?? '')
  text = text.replace(/[“”„‟]/g, '"')
  if (/[=\s]\\"/.test(text)) text = text.replaceAll('\\"', '"')
  if (/=""[^\s",]|\s""[A-Z-]/.test(text)) text = text.replaceAll('""', '"')
  if (/\\t(?:trace|debug|info|warn|error)\\t/i.test(text)) text = text.replaceAll('\\t', '\t')
  return text.replaceAll('\\|', '|')
}

/** A colour, or another command for a terminal: as a control character, or as rsyslog, `cat -v` and JSON write it. */
const COLOUR = /(?:\u001b|\^\[|#033|\\u001b|\\x1b|\\033)\[[\d;]*[A-Za-z]/gi

const ENTITIES: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#34;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
}

/** The start of a line of ztunnel, or of the access log of Envoy. */
const START =
  /(?=(?<![\w:.-])\d{4}-\d\d-\d\dT[\d:.]{8,}Z\s+(?:trace|debug|info|warn|error)\s)|(?=\[\d{4}-\d\d-\d\dT[\d:.]{8,}Z\] ")/i
const DECIDES = /connection (?:complete|failed|opened)|Z\] "/

/** Whether a text has the start of a line of an access log, and not only a part such as its error. */
export function isWholeLine(text: string): boolean {
  return DECIDES.test(text)
}

/** The records of a line in which several were joined. A time before a record belongs to the record. */
export function splitRecords(line: string): readonly string[] {
  const records: string[] = []
  let hasDecision = false
  for (const part of line.split(START)) {
    const last = records.at(-1)
    const decides = DECIDES.test(part)
    if (last === undefined || (hasDecision && decides)) records.push(part)
    else records[records.length - 1] = last + part
    hasDecision ||= decides
  }
  return records
}
