// Names that are commands of a terminal or of a workflow: no command of the command line prints one.
import { runCli } from '../../server/src/cli/program.ts'
import { meshWith, unprintableIn } from '../../server/src/hostile/meshWith.ts'
import { workflowCommandsIn } from '../../server/src/hostile/workflowLog.ts'
import { MemoryDisk } from './memoryDisk.mjs'

const PIECES = [
  ...[':', '::', '#', '##[', '[', ']', ' ', '\t', '\n', '\r', '%0A', ',', '=', '"', "'", '\\'],
  ...['error', 'add-mask', 'file=x', 'a', '-', '|', '`', '<', '&', '@a', '..', '$(x)', '{{x}}'],
  ...['\u001b[2J', '\u001b]0;', '\u0007', '\u009b', '\u0000', '\u200b', '\ufeff', '\u00ad'],
  ...['\u202e', '\u2066', '\u061c', '\u2028', '\u0085', '\u{e0041}', '\ud800', '😀', 'é'],
]
const COMMANDS = [
  ...['text', 'json', 'sarif', 'gitlab', 'junit', 'markdown'].map((format) => [
    'check',
    '--format',
    format,
  ]),
  ['status'],
  ['status', '--format', 'json'],
  ['ztunnel-config', 'policies'],
  ['ztunnel-config', 'workloads', '--format', 'json'],
  ['explain', 'Namespace/shop'],
  ['explain', '--format', 'markdown', 'Namespace/shop'],
]

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
      host.files.set(`/repository/${name}`, text)
    let out = ''
    const warnings = []
    await runCli(command, {
      version: '0',
      host,
      cwd: '/repository',
      helm: () => Promise.resolve({ status: 'missing' }),
      readStdin: () => Promise.resolve(new Uint8Array()),
      out: (text) => (out += text),
      warn: (line) => warnings.push(`ambient-policy: ${line}`),
      colours: false,
      terminal: false,
      workflow: true,
    })
    const streams = `${out}\n${warnings.join('\n')}`
    const [found] = workflowCommandsIn(streams)
    if (found) return `${command.join(' ')} prints the command ${JSON.stringify(found)}.`
    const [line] = unprintableIn(streams)
    if (line !== undefined) return `${command.join(' ')} prints ${JSON.stringify(line)}.`
    if (command.includes('json')) JSON.parse(out)
    return undefined
  },
  show: ({ context, parts }) => `${context.command.join(' ')}\n${JSON.stringify(parts.join(''))}`,
}
