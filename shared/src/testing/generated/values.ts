import fc from 'fast-check'

/** An object as it is in a manifest. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: unknown
  readonly status?: unknown
}

export type Labels = Readonly<Record<string, string>>

export const SPACES = ['alpha', 'beta']
export const ROOT = 'istio-system'
export const ACCOUNTS = ['api', 'web', 'default', 'waypoint']
export const APPS = ['api', 'web', 'db']
export const METHODS = ['GET', 'POST']
export const PATHS = ['/', '/api', '/api/*', '*/admin', '/{*}/x', '*']
export const BLOCKS = ['10.0.0.0/8', '10.1.0.1', '0.0.0.0/0', 'fd00::/16']

export const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 2 })
export const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
export const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
export const pick = fc.constantFrom

/** One or two fields of a record. */
export function few<T extends object>(fields: {
  readonly [K in keyof T]: fc.Arbitrary<T[K]>
}): fc.Arbitrary<Partial<T>> {
  const names = Object.keys(fields) as (keyof T)[]
  return fc
    .tuple(fc.record(fields), fc.subarray(names, { minLength: 1, maxLength: 2 }))
    .map(
      ([whole, kept]) => Object.fromEntries(kept.map((name) => [name, whole[name]])) as Partial<T>,
    )
}
