import type { Analysis } from '@istio-ambient-policy/shared'
import { counted } from './format/words.js'
import type { CliIo } from './io.js'
import { displayPath } from './paths.js'

/** Files with templates that are named one by one. */
const MAX_FILES = 5

/** Names the files with templates, which are no objects. Returns whether there are any. */
export function warnAboutTemplates(io: CliIo, analyses: readonly Analysis[]): boolean {
  const warnings = analyses.flatMap(({ files }) =>
    [...files.values()].flatMap(({ file, documents }) => {
      const kinds = documents.flatMap(({ line, facts }) =>
        facts.opaqueKind === undefined ? [] : [`${facts.opaqueKind} in line ${line + 1}`],
      )
      return kinds.length === 0
        ? []
        : [
            `${displayPath(io.cwd, file)} contains templates, which are ignored: ${kinds.join(', ')} (render them first, or use --helm for a chart)`,
          ]
    }),
  )
  for (const warning of warnings.slice(0, MAX_FILES)) io.warn(warning)
  const rest = warnings.length - MAX_FILES
  if (rest > 0) io.warn(`The same is true for ${counted(rest, 'more file')}.`)
  return warnings.length > 0
}
