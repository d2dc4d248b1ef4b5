import { createHash } from 'node:crypto'
import type { ReportedFinding, ReportedObject } from './checkReport.js'

/** `AuthorizationPolicy/shop/allow-get`, as in the argument of `explain`. */
export function objectName({ kind, namespace, name }: ReportedObject): string {
  return [kind, namespace, name].filter((part) => part !== '').join('/')
}

/**
 * Identifies a finding without its line: rule, object, field and message. A finding without an object has its file
 * instead.
 */
export function identityOf({ rule, object, file, path, message }: ReportedFinding): string {
  return JSON.stringify([rule, object ? objectName(object) : { file }, path, message])
}

/** A unique fingerprint for each finding: 64 hexadecimal digits. Findings with the same identity are numbered. */
export function fingerprintsOf(
  findings: readonly ReportedFinding[],
): ReadonlyMap<ReportedFinding, string> {
  const seen = new Map<string, number>()
  return new Map(
    findings.map((finding) => {
      const identity = identityOf(finding)
      const number = seen.get(identity) ?? 0
      seen.set(identity, number + 1)
      return [
        finding,
        createHash('sha256')
          .update(number === 0 ? identity : `${identity} ${number}`)
          .digest('hex'),
      ]
    }),
  )
}
