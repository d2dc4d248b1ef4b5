import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Validator, type Schema } from '@cfworker/json-schema'

/** The published schema; it is written for draft 4, and what it uses of it means the same there and in draft 7. */
const SCHEMA = createRequire(import.meta.url).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
)

/** Where a value is no SARIF 2.1.0, and why. */
export function sarifProblems(log: unknown): string[] {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema
  return new Validator(schema, '4', false)
    .validate(log)
    .errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`)
}
