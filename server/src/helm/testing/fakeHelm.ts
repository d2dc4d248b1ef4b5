import { fileURLToPath } from 'node:url'
import { helmCommand, type HelmCommand } from '../helmCommand.js'

const SCRIPT = fileURLToPath(new URL('fakeHelm.mjs', import.meta.url))

/** Runs a small `helm` for tests, as a process of its own. */
export function fakeHelm(timeout?: number): HelmCommand {
  const run = helmCommand(process.execPath, timeout)
  return (args, home) => run([SCRIPT, ...args], home)
}
