// Names that are commands of a terminal or of a workflow: no command of the command line prints one.
import { everyCommand } from '../../server/src/hostile/everyCommand.ts'
import { meshWith } from '../../server/src/hostile/meshWith.ts'
import { FOLDER, problemOfOutput, run } from './commandLine.mjs'
import { MemoryDisk } from './memoryDisk.mjs'
import { PIECES } from './pieces.mjs'

const COMMANDS = everyCommand()

export const names = {
  name: 'names',
  count: 1_000,
  shrinkBudget: 200,
  draw: (random) => ({
    context: { command: random.pick(COMMANDS) },
    parts: Array.from({ length: 1 + random.below(8) }, () => random.pick(PIECES)),
    units: 1,
  }),
  async check({ context: { command }, parts }) {
    const host = new MemoryDisk()
    for (const [name, text] of Object.entries(meshWith(parts.join(''))))
      host.files.set(`${FOLDER}/${name}`, text)
    return problemOfOutput(command, await run(host, command))
  },
  show: ({ context, parts }) => `${context.command.join(' ')}\n${JSON.stringify(parts.join(''))}`,
}
