import type { EnvoyConnection } from '../waypoint/connection.js'
import type { Ternary } from '../waypoint/ternary.js'
import type { TextPattern } from './textPattern.js'

export type DimensionName =
  | 'client'
  | 'address'
  | 'method'
  | 'path'
  | 'host'
  | 'token'
  | `header ${string}`

/** What an attribute of a request is compared with. */
export type Constant =
  /** `isExact`: the text as it is sent, before a path is normalised and a host is made lower case. */
  | { readonly type: 'text'; readonly pattern: TextPattern; readonly isRaw: boolean }
  /** Texts that a regular expression matches. */
  | { readonly type: 'regex'; readonly expression: string }
  | { readonly type: 'query'; readonly name: string; readonly pattern: TextPattern }
  | { readonly type: 'block'; readonly block: string; readonly isRemote: boolean }
  | { readonly type: 'principal' | 'namespace' | 'trust domain'; readonly value: string }
  | { readonly type: 'account'; readonly namespace: string; readonly serviceAccount: string }
  | { readonly type: 'issuer' | 'request principal'; readonly value: string }
  | { readonly type: 'claim'; readonly path: readonly string[]; readonly pattern: TextPattern }
  | { readonly type: 'identity' }

/** A test of one attribute of a request by one constant. Requests with equal results get equal verdicts. */
export interface Atom {
  /** Equal for tests that have equal results for every connection. */
  readonly id: string
  readonly dimension: DimensionName
  readonly constant: Constant
  test(connection: EnvoyConnection): Ternary
}

/** The results of some atoms, one character each. */
export function vectorOf(atoms: readonly Atom[], connection: EnvoyConnection): string {
  let vector = ''
  for (const atom of atoms) {
    const result = atom.test(connection)
    vector += result === 'unknown' ? '?' : result ? '1' : '0'
  }
  return vector
}

/** Each atom once. */
export function distinctAtoms(atoms: readonly Atom[]): Atom[] {
  return [...new Map(atoms.map((atom) => [atom.id, atom])).values()]
}
