import type { Schema } from '@cfworker/json-schema'
import type { ProposedFiles } from './proposedHost.js'

/** What a tool uses of the process. */
export interface ToolContext {
  /** Runs a command line, as the program `ambient-policy` does. */
  readonly run: RunCommand
  /** The files of the argument `proposed`. Throws a `ToolFailure` for a path outside of the root. */
  proposed(given: unknown): ProposedFiles
  /** Paths of an argument as paths of the command line. Throws a `ToolFailure` for a path outside of the root. */
  paths(given: unknown): readonly string[]
}

export type RunCommand = (args: readonly string[], options?: RunOptions) => Promise<CommandResult>

export interface RunOptions {
  readonly stdin?: string
  /** Files to read in place of those on disk. */
  readonly proposed?: ProposedFiles
  /** Where the root folder can be read with the proposed files. The default is the root folder itself. */
  readonly proposedAt?: string
}

export interface CommandResult {
  readonly status: number
  readonly out: string
  /** The lines of standard error. */
  readonly notices: readonly string[]
}

/** The arguments of a tool, valid by its schema. */
export type ToolArguments = Readonly<Record<string, unknown>>

/** A tool that an assistant can call. Tools read files and change none. */
export interface Tool {
  readonly name: string
  readonly title: string
  /** For the assistant: what the tool answers, and when to call it. */
  readonly description: string
  /** A closed JSON schema of an object. */
  readonly inputSchema: Schema
  run(args: ToolArguments, context: ToolContext): Promise<string>
}

/** An answer that says why there is none. The assistant gets the message. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure'
}

/** An argument that is a text, as the schema says. */
export function text(args: ToolArguments, name: string): string | undefined {
  const value = args[name]
  return typeof value === 'string' ? value : undefined
}

/** An argument that is a number, as the schema says. */
export function number(args: ToolArguments, name: string): number | undefined {
  const value = args[name]
  return typeof value === 'number' ? value : undefined
}

/** The output of a command that succeeded: status 0, or 1 for findings or differences. */
export function outputOf({ status, out, notices }: CommandResult): string {
  // The last notice is the reason. A long failure is cut off at its end.
  if (status > 1 && out === '')
    throw new ToolFailure([...notices.slice(-1), ...notices.slice(0, -1)].join('\n'))
  return out
}
