/** The texts that Go's `strconv.ParseBool` reads. */
const TRUE: readonly string[] = ['1', 't', 'T', 'TRUE', 'true', 'True']
const FALSE: readonly string[] = ['0', 'f', 'F', 'FALSE', 'false', 'False']

/** Go's `strconv.ParseBool`; undefined where it returns an error. */
export function parseBool(text: string): boolean | undefined {
  if (TRUE.includes(text)) return true
  return FALSE.includes(text) ? false : undefined
}

/** Go's `strconv.Atoi`; undefined where it returns an error. Numbers above 2^53 lose digits. */
export function parseInteger(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined
}
