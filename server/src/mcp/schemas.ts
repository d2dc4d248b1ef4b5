import { Validator, type Schema } from '@cfworker/json-schema'
import { ToolFailure, type Tool, type ToolArguments } from './tool.js'

const NAME = { type: 'string', minLength: 1, maxLength: 300 } as const

/** `NAMESPACE/NAME`. */
export const QUALIFIED_NAME: Schema = { ...NAME, pattern: '^[^/\\s-][^/\\s]*/[^/\\s]+$' }

export const TEXT: Schema = NAME

export const PATHS: Schema = {
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: 4096 },
  maxItems: 50,
  description:
    'Files and folders with the manifests of one mesh, relative to the root folder of this server. The default is the whole root folder.',
}

/** Files that are not written yet. */
export const PROPOSED: Schema = {
  type: 'array',
  items: closedItem(),
  minItems: 1,
  maxItems: 20,
  description:
    'Files as they would be after a change that is not written yet: each with its path below the root folder and its whole text. They are read in place of the files on disk.',
}

function closedItem(): Schema {
  return {
    type: 'object',
    properties: {
      file: { type: 'string', minLength: 1, maxLength: 4096 },
      text: { type: 'string', maxLength: 500_000 },
    },
    required: ['file', 'text'],
    additionalProperties: false,
  }
}

/** Continues a long answer. */
export const FROM: Schema = {
  type: 'integer',
  minimum: 0,
  description: 'Where a long answer continues: the number that the previous answer gave.',
}

/** A closed schema of an object. */
export function closed(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema {
  return { type: 'object', properties, required: [...required], additionalProperties: false }
}

/** Checks arguments by the schema of a tool. Throws a `ToolFailure` that names the argument. */
export function validArguments(tool: Tool, given: unknown): ToolArguments {
  const value = given ?? {}
  // A half of a character has no URI, and the validator makes URIs of the names.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(value)))
    throw new ToolFailure(`Wrong arguments of ${tool.name}: a text is not Unicode`)
  const { valid, errors } = new Validator(tool.inputSchema, '7', false).validate(value)
  if (!valid || typeof value !== 'object') {
    const worst = errors.findLast(({ keyword }) => keyword !== 'properties') ?? errors[0]
    const place = worst?.instanceLocation.replace(/^#\/?/, '') ?? ''
    const isUnknown = worst?.keyword === 'false'
    throw new ToolFailure(
      isUnknown
        ? `Unknown argument of ${tool.name}: ${place}`
        : `Wrong arguments of ${tool.name}${place === '' ? '' : ` at ${place}`}: ${worst?.error ?? ''}`,
    )
  }
  return { ...value }
}
