import { globMatcher } from '@istio-ambient-policy/shared'

/** Whether a path is excluded. */
export type IsExcluded = (path: string) => boolean

/**
 * Compiles glob patterns relative to `base`. A pattern that matches a folder excludes all its files, with or without a
 * slash at its end.
 *
 * @param base absolute, with `/`.
 */
export function compileExclude(patterns: readonly string[], base: string): IsExcluded {
  if (patterns.length === 0) return () => false
  const matches = globMatcher(patterns)
  const prefix = base.endsWith('/') ? base : `${base}/`
  return (path) => path.startsWith(prefix) && matches(path.slice(prefix.length))
}
