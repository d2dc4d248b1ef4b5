import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Validator, type Schema } from '@cfworker/json-schema'

/** The published schema. It uses JSON Schema draft 4. */
const SCHEMA = createRequire(import.meta.url).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
)

/** The parts of a value that are not valid SARIF 2.1.0. */
export function sarifProblems(log: unknown): string[] {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema
  return new Validator(schema, '4', false)
    .validate(log)
    .errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`)
}
