import { appendFileSync } from 'node:fs'
import { EXIT_FAILURE, type ProcessIo } from '../cli/io.js'
import { nodeHost, toSlashes } from '../nodeHost.js'
import { runAction, type StepFiles } from './runAction.js'

declare const AMBIENT_POLICY_VERSION: string

const { env } = process

const io: ProcessIo = {
  version: AMBIENT_POLICY_VERSION,
  host: nodeHost,
  cwd: toSlashes(env['GITHUB_WORKSPACE'] ?? process.cwd()),
  readStdin: () => Promise.resolve(new Uint8Array()),
  stdin: noInput,
  out: (text) => {
    process.stdout.write(text)
  },
  warn: (line) => {
    process.stderr.write(`ambient-policy: ${line}\n`)
  },
  helm: () => Promise.resolve({ status: 'missing' }),
  colours: false,
  terminal: false,
  workflow: true,
}

/** The action reads no standard input. */
async function* noInput(): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield new Uint8Array()
}

/** Appends to a file of the runner, if the runner has it. The check is complete without it. */
function append(file: string | undefined, text: string): void {
  if (file === undefined || file === '') return
  try {
    appendFileSync(file, text)
  } catch (error) {
    io.warn(
      `a file of the runner cannot be written: ${error instanceof Error ? error.message : ''}`,
    )
  }
}

const step: StepFiles = {
  addSummary: (markdown) => {
    append(env['GITHUB_STEP_SUMMARY'], markdown)
  },
  setOutput: (name, value) => {
    append(env['GITHUB_OUTPUT'], `${name}=${value.replace(/[\r\n]/g, ' ')}\n`)
  },
}

runAction(env, io, step).then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    io.warn(`internal error: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
    process.exitCode = EXIT_FAILURE
  },
)
