import { createHash } from 'node:crypto'
import type { ReportedFinding, ReportedObject } from './checkReport.js'

/** `AuthorizationPolicy/shop/allow-get`, as `explain` takes it. */
export function objectName({ kind, namespace, name }: ReportedObject): string {
  return [kind, namespace, name].filter((part) => part !== '').join('/')
}

/**
 * What makes a finding the same one after lines have moved: rule, object, field and message. What is about a text and no object has its file in place of
 * the object.
 */
export function identityOf({ rule, object, file, path, message }: ReportedFinding): string {
  return JSON.stringify([rule, object ? objectName(object) : { file }, path, message])
}

/** A fingerprint for each finding, 64 hexadecimal digits. Where findings have one identity they are numbered, so that no two are the same. */
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
