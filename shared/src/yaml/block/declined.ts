/**
 * Thrown by the block reader, and caught by `readBlockYaml`: the document has something that only
 * the `yaml` package reads.
 */
export const DECLINED = new Error('The document needs the yaml package.')
