// Runs command lines on files in memory, with the checks that hold for all of them.
import { runCli } from '../../server/src/cli/program.ts'
import { unprintableIn } from '../../server/src/hostile/meshWith.ts'
import { workflowCommandsIn } from '../../server/src/hostile/workflowLog.ts'

export const FOLDER = '/repository'

/** The output of a command line in the log of a GitHub workflow. */
export async function run(disk, args, stdin = '') {
  const bytes = new TextEncoder().encode(stdin)
  let out = ''
  const errors = []
  const status = await runCli(args, {
    version: '0',
    host: hostOf(disk),
    cwd: FOLDER,
    helm: () => Promise.resolve({ status: 'missing' }),
    readStdin: (maxBytes) => Promise.resolve(bytes.length > maxBytes ? 'too-large' : bytes),
    stdin: async function* () {
      await Promise.resolve()
      yield bytes
    },
    out: (text) => (out += text),
    warn: (line) => errors.push(line),
    colours: false,
    terminal: false,
    workflow: true,
  })
  return { status, out, errors }
}

/** The program copies hosts to change some of their functions, so they are no methods. */
function hostOf(disk) {
  return Object.fromEntries(
    ['kindOf', 'realPath', 'readDirectory', 'readFile', 'readStream'].map((name) => [
      name,
      (...args) => disk[name](...args),
    ]),
  )
}

/** What no output has: a command of a workflow or of a terminal, JSON that is none, a failure without a reason. */
export function problemOfOutput(args, { status, out, errors }) {
  const streams = `${out}\n${errors.map((line) => `ambient-policy: ${line}`).join('\n')}`
  const [found] = workflowCommandsIn(streams)
  if (found) return `${args.join(' ')} prints the command ${JSON.stringify(found)}.`
  // In a pipe, the lines of a diff are those of the files, so that `git apply` can read them.
  const isExact = args.includes('--fix-dry-run') ? (line) => /^[ +-]/.test(line) : () => false
  const line = unprintableIn(streams).find((each) => !isExact(each))
  if (line !== undefined) return `${args.join(' ')} prints ${JSON.stringify(line)}.`
  if (status > 1 && errors.length === 0) return `${args.join(' ')} fails and does not say why.`
  if (args.includes('json') && !args.includes('--record') && out !== '')
    for (const text of args[0] === 'why' ? out.trimEnd().split('\n') : [out]) JSON.parse(text)
  return undefined
}
