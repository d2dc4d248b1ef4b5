// The flags of the command line as tables, from its program.
import { table } from './regions.mjs'

/** Every command that has flags, by its full name, such as `ztunnel-config policies`. */
export function commandsWithFlags(program) {
  return program.commands.flatMap((command) => [
    ...(command.options.length > 0 ? [{ name: fullName(command), command }] : []),
    ...commandsWithFlags(command),
  ])
}

/** The flags of one command. */
export function flagsTable(command) {
  return table(
    ['flag', 'default', 'meaning'],
    command.options.map((option) => cellsOf(option)),
  )
}

/** The flags of all commands. */
export function allFlagsTable(program) {
  const rows = commandsWithFlags(program).flatMap(({ name, command }) =>
    command.options.map((option) => [`\`${name}\``, ...cellsOf(option)]),
  )
  return table(['command', 'flag', 'default', 'meaning'], rows)
}

function fullName(command) {
  const parent = command.parent?.parent ? `${fullName(command.parent)} ` : ''
  return `${parent}${command.name()}`
}

function cellsOf({ flags, description, argChoices, defaultValue }) {
  const choices = (argChoices ?? []).map((choice) => `\`${choice}\``).join(', ')
  const meaning = choices === '' ? description : `${description}: ${choices}`
  return [`\`${flags}\``, defaultValue === undefined ? '' : `\`${defaultValue}\``, meaning]
}
