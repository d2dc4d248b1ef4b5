import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

interface ActionFile {
  readonly inputs: Readonly<
    Record<string, { readonly default: string; readonly description: string }>
  >
  readonly outputs: Readonly<Record<string, object>>
  readonly runs: { readonly using: string; readonly main: string }
}

/** The description of the GitHub action. */
export const ACTION = parse(
  readFileSync(new URL('../../../../action.yml', import.meta.url), 'utf8'),
) as ActionFile

/** The environment in which a GitHub runner gives the action its inputs: those that are given, or their defaults. */
export function environmentOf(given: Readonly<Record<string, string>>): Record<string, string> {
  const defaults = Object.entries(ACTION.inputs).map(([name, input]) => [name, input.default])
  const inputs = { ...Object.fromEntries(defaults), ...given } as Record<string, string>
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )
}
