import { InvalidArgumentError, Option, type Command } from 'commander'
import type { CliIo } from './io.js'

/** Commands that read no folder, or that run as long as their client. */
const WITHOUT_TIMEOUT = ['mcp', 'rules']
const MAX_SECONDS = 86_400

/** Thrown before a command with `--timeout` runs: it must run where it can be ended. */
export class Timeout extends Error {
  override readonly name = 'Timeout'
  readonly seconds: number

  constructor(seconds: number) {
    super()
    this.seconds = seconds
  }
}

/** Adds `--timeout` to all commands that read files. A command with it throws `Timeout` if its process can limit it. */
export function addTimeout(program: Command, io: CliIo): void {
  for (const command of leavesOf(program))
    if (!WITHOUT_TIMEOUT.includes(command.name())) command.addOption(timeoutOption())
  program.hook('preAction', (_, command) => {
    const { timeout } = command.opts<{ readonly timeout?: number }>()
    if (timeout !== undefined && io.withTimeout) throw new Timeout(timeout)
    io.onWork?.('reading the settings')
  })
}

function timeoutOption(): Option {
  return new Option(
    '--timeout <seconds>',
    'exit with 2 if there is no result within this time',
  ).argParser((text) => {
    const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    if (seconds > 0 && seconds <= MAX_SECONDS) return seconds
    throw new InvalidArgumentError(`It must be a number of seconds, at most ${MAX_SECONDS}.`)
  })
}

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)
}
