import { printable, parseLogs, type ParsedLogs } from '@istio-ambient-policy/shared'
import { HostError } from '../host.js'
import { CommandFailure, type CliIo } from './io.js'
import { absolutePath } from './paths.js'
import { inputText, readInput, readStdinBytes } from './readInput.js'

const SHOWN = 60

/**
 * The lines of a log: of standard input (`-`), of a file, or of the argument itself. Throws a `CommandFailure` if no
 * line is a decision of a proxy.
 */
export async function readLogs(io: CliIo, log: string): Promise<ParsedLogs> {
  const { name, text } = await logText(io, log)
  const parsed = parseLogs(text)
  if (parsed.lines.length > 0) return parsed
  if (text.trim() === '')
    throw new CommandFailure(`${name.trim() === '' ? 'the log' : name} is empty: it needs a line`)
  throw new CommandFailure(
    isConfiguration(text)
      ? `${name} is a configuration of ztunnel, not a log: use "ambient-policy compare"`
      : name === log && text === log
        ? `"${shortened(log)}" is neither a file nor a line of a log of ztunnel or Envoy`
        : `${name} has no line of a log of ztunnel or Envoy that shows a decision`,
  )
}

async function logText(io: CliIo, log: string): Promise<{ name: string; text: string }> {
  if (log === '-') return { name: 'standard input', text: inputText('-', await readStdinBytes(io)) }
  const kind = kindOf(io, log)
  if (kind === 'directory')
    throw new CommandFailure(`${log} is a folder: write the line of the log before the paths`)
  return { name: log, text: kind === undefined ? log : readInput(io, log) }
}

function kindOf(io: CliIo, log: string): string | undefined {
  if (log.trim() === '' || log.includes('\n') || log.includes('\0') || log.length > 4096)
    return undefined
  try {
    return io.host.kindOf(absolutePath(io.cwd, log))
  } catch (error) {
    if (error instanceof HostError) return undefined
    throw error
  }
}

/** Whether a text is the output of `istioctl ztunnel-config … -o json`. */
function isConfiguration(text: string): boolean {
  return (
    /^\s*[[{]/.test(text) && /"(?:workloadIps|authorizationPolicies|rules|hostname)":/.test(text)
  )
}

function shortened(text: string): string {
  const line = printable(text)
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}
