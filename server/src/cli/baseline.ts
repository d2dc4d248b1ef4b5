import { dirname, relative } from 'node:path'
import { HostError } from '../host.js'
import { toSlashes } from '../nodeHost.js'
import { checkFolderOf, kindOfArgument } from './argument.js'
import type { ReportedFinding } from './checkReport.js'
import { identityOf, objectName } from './fingerprint.js'
import { counted } from './format/words.js'
import { CommandFailure, type CliIo } from './io.js'
import { absolutePath, STDIN } from './paths.js'
import { parseJson, readInput } from './readInput.js'

/** Known findings with the same identity, as in the file. */
interface KnownFinding {
  readonly rule: string
  /** `AuthorizationPolicy/shop/allow-get`. A finding without an object has `file` instead, relative to the baseline. */
  readonly object?: string
  readonly file?: string
  readonly path: readonly (string | number)[]
  readonly message: string
  /** The number of findings; the default is one. */
  readonly count?: number
}

/** The known findings of a baseline file. */
interface Baseline {
  isKnown(finding: ReportedFinding): boolean
  /**
   * The new findings. If there are more findings of one identity than in the baseline, the additional ones are new.
   * Prints the number of known and of obsolete findings to standard error.
   */
  newFindings(findings: readonly ReportedFinding[]): ReportedFinding[]
}

const VERSION = 1

/** Reads a baseline. Throws a `CommandFailure` if it is not valid. */
export function readBaseline(io: CliIo, file: string): Baseline {
  const known = new Map<string, number>()
  for (const finding of decodeBaseline(parseJson(readInput(io, file), file), file)) {
    const identity = identityOfKnown(finding)
    known.set(identity, (known.get(identity) ?? 0) + (finding.count ?? 1))
  }
  const identify = (finding: ReportedFinding): string =>
    identityOf(relativeToBaseline(io, file, finding))
  return {
    isKnown: (finding) => known.has(identify(finding)),
    newFindings: (findings) => {
      const remaining = new Map(known)
      const added = findings.filter((finding) => {
        const identity = identify(finding)
        const count = remaining.get(identity) ?? 0
        if (count > 0) remaining.set(identity, count - 1)
        return count === 0
      })
      const obsolete = [...remaining.values()].reduce((sum, count) => sum + count, 0)
      if (added.length < findings.length)
        io.warn(
          `not reported: ${counted(findings.length - added.length, 'known finding')} in ${file}`,
        )
      if (obsolete > 0)
        io.warn(
          `${counted(obsolete, 'finding')} in ${file} no longer ${obsolete === 1 ? 'occurs' : 'occur'}: update it with --write-baseline`,
        )
      return added
    },
  }
}

/** Writes all findings to a baseline file. */
export function writeBaseline(io: CliIo, file: string, findings: readonly ReportedFinding[]): void {
  const known = new Map<string, KnownFinding & { readonly count: number }>()
  for (const found of findings) {
    const finding = relativeToBaseline(io, file, found)
    const identity = identityOf(finding)
    const { rule, object, path, message } = finding
    known.set(identity, {
      rule,
      ...(object ? { object: objectName(object) } : { file: finding.file }),
      path,
      message,
      count: (known.get(identity)?.count ?? 0) + 1,
    })
  }
  const sorted = [...known]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { count, ...finding }]) => (count === 1 ? finding : { ...finding, count }))
  const text = `${JSON.stringify({ version: VERSION, findings: sorted }, undefined, 2)}\n`
  try {
    io.host.writeFile(writablePath(io, absolutePath(io.cwd, file)), Buffer.from(text))
  } catch (error) {
    if (error instanceof HostError) throw new CommandFailure(`${file} ${error.message}`)
    throw error
  }
  io.warn(`${counted(findings.length, 'finding')} written to ${file}`)
}

/** Where a symbolic link leads; a new file has its own path. */
function writablePath(io: CliIo, path: string): string {
  checkFolderOf(io, path)
  try {
    io.host.kindOf(path)
  } catch (error) {
    if (error instanceof HostError && error.missing) return path
    throw error
  }
  return kindOfArgument(io, path) === 'stream' ? path : io.host.realPath(path)
}

/** Makes the file of a finding relative to the baseline, so that it does not depend on the working directory. */
function relativeToBaseline(
  io: CliIo,
  baseline: string,
  finding: ReportedFinding,
): ReportedFinding {
  if (finding.object || finding.file === STDIN) return finding
  return {
    ...finding,
    file: toSlashes(
      relative(dirname(absolutePath(io.cwd, baseline)), absolutePath(io.cwd, finding.file)),
    ),
  }
}

function identityOfKnown({ rule, object, file, path, message }: KnownFinding): string {
  return JSON.stringify([rule, object ?? { file }, path, message])
}

function decodeBaseline(value: unknown, file: string): KnownFinding[] {
  if (!isRecord(value) || value['version'] !== VERSION || !Array.isArray(value['findings']))
    throw new CommandFailure(`${file} is not a baseline: create one with --write-baseline`)
  const findings: readonly unknown[] = value['findings']
  return findings.map((finding, index) => {
    if (!isKnownFinding(finding))
      throw new CommandFailure(
        `${file} is not a baseline: findings[${index}] needs rule, path, message, and object or file`,
      )
    return finding
  })
}

function isKnownFinding(value: unknown): value is KnownFinding {
  if (!isRecord(value)) return false
  const { rule, object, file, path, message, count } = value
  const isPath =
    Array.isArray(path) &&
    path.every((segment) => typeof segment === 'string' || typeof segment === 'number')
  const isCount =
    count === undefined || (typeof count === 'number' && Number.isInteger(count) && count > 0)
  return (
    typeof rule === 'string' &&
    typeof (object ?? file) === 'string' &&
    isPath &&
    typeof message === 'string' &&
    isCount
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
