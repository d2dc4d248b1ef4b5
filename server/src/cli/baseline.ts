import { dirname, relative } from 'node:path'
import { HostError } from '../host.js'
import { toSlashes } from '../nodeHost.js'
import type { ReportedFinding } from './checkReport.js'
import { identityOf, objectName } from './fingerprint.js'
import { counted } from './format/words.js'
import { CommandFailure, type CliIo } from './io.js'
import { absolutePath, STDIN } from './paths.js'
import { parseJson, readInput } from './readInput.js'

/** Known findings of one identity, as the file holds them: readable in a review, without lines. */
interface KnownFinding {
  readonly rule: string
  /** `AuthorizationPolicy/shop/allow-get`; where a finding is about no object, `file` is there in its place, relative to the baseline. */
  readonly object?: string
  readonly file?: string
  readonly path: readonly (string | number)[]
  readonly message: string
  /** How many there are; one where it is not said. */
  readonly count?: number
}

/** Findings that are known and left out. */
interface Baseline {
  isKnown(finding: ReportedFinding): boolean
  /** The findings that are not known; of several with one identity, those beyond the number known. Tells of the others on standard error. */
  leaveOutKnown(findings: readonly ReportedFinding[]): ReportedFinding[]
}

const VERSION = 1

/** Reads a baseline; one that cannot be read ends the command. */
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
    leaveOutKnown: (findings) => {
      const open = new Map(known)
      const unknown = findings.filter((finding) => {
        const identity = identify(finding)
        const left = open.get(identity) ?? 0
        if (left > 0) open.set(identity, left - 1)
        return left === 0
      })
      const gone = [...open.values()].reduce((sum, left) => sum + left, 0)
      if (unknown.length < findings.length)
        io.complain(
          `${counted(findings.length - unknown.length, 'known finding')} of ${file} left out`,
        )
      if (gone > 0)
        io.complain(
          `${counted(gone, 'finding')} of ${file} no longer ${gone === 1 ? 'occurs' : 'occur'}: write it again with --write-baseline`,
        )
      return unknown
    },
  }
}

/** Writes all findings to a file that `--baseline` reads. */
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
    io.host.writeFile(absolutePath(io.cwd, file), Buffer.from(text))
  } catch (error) {
    if (error instanceof HostError) throw new CommandFailure(`${file} ${error.message}`)
    throw error
  }
  io.complain(`${counted(findings.length, 'finding')} written to ${file}`)
}

/** The baseline holds wherever the command is started. */
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
    throw new CommandFailure(`${file} is no baseline: write one with --write-baseline`)
  const findings: readonly unknown[] = value['findings']
  return findings.map((finding, index) => {
    if (!isKnownFinding(finding))
      throw new CommandFailure(
        `${file} is no baseline: findings[${index}] has no rule, object or file, path and message`,
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
