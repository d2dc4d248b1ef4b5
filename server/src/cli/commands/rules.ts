import { RULE_CATALOGUE, rulePage } from '@istio-ambient-policy/shared'
import { CommandFailure, EXIT_OK, type CliIo } from '../io.js'
import { createStyle } from '../style.js'

/** Prints the catalogue of rules, or the page of one. */
export function rules(io: CliIo, name: string | undefined): number {
  if (name === undefined) {
    io.out(catalogue(io))
    return EXIT_OK
  }
  const rule = RULE_CATALOGUE.find((candidate) => candidate.name === name)
  if (!rule) throw new CommandFailure(`there is no rule "${name}": "ambient-policy rules" lists all`)
  io.out(rulePage(rule))
  return EXIT_OK
}

function catalogue(io: CliIo): string {
  const style = createStyle(io.colours)
  const width = Math.max(...RULE_CATALOGUE.map(({ name }) => name.length))
  const lines = RULE_CATALOGUE.map(({ name, level, docs }) => `${style.bold(name.padEnd(width))}  ${style.level(level, level.padEnd('information'.length))}  ${docs.summary}`)
  return `${lines.join('\n')}\n`
}
