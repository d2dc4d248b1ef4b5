import { nearMiss, RULE_CATALOGUE } from '@istio-ambient-policy/shared'
import { docsOf, rulePage } from '@istio-ambient-policy/shared/pages'
import { CommandFailure, EXIT_OK, type CliIo } from '../io.js'
import { createStyle } from '../style.js'

export function rules(io: CliIo, name: string | undefined): number {
  if (name === undefined) {
    io.out(catalogue(io))
    return EXIT_OK
  }
  const rule = RULE_CATALOGUE.find((candidate) => candidate.name === name)
  const similar = nearMiss(
    name,
    RULE_CATALOGUE.map((each) => each.name),
  )
  if (!rule)
    throw new CommandFailure(
      `unknown rule "${name}"${similar === undefined ? '' : ` (did you mean "${similar}"?)`}: "ambient-policy rules" lists all rules`,
    )
  io.out(rulePage(rule))
  return EXIT_OK
}

function catalogue(io: CliIo): string {
  const style = createStyle(io.colours)
  const width = Math.max(...RULE_CATALOGUE.map(({ name }) => name.length))
  const lines = RULE_CATALOGUE.map(
    (rule) =>
      `${style.bold(rule.name.padEnd(width))}  ${style.level(rule.level, rule.level.padEnd('information'.length))}  ${docsOf(rule).summary}`,
  )
  return `${lines.join('\n')}\n`
}
