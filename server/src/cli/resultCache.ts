import { createHash, type Hash } from 'node:crypto'
import { LEVELS } from '@istio-ambient-policy/shared'
import type { Cache } from '../cache/cache.js'
import { parseKept } from '../cache/parseKept.js'
import type { ByteStep } from '../workspace/scanStep.js'
import { kindOfArgument } from './argument.js'
import type { Outcome } from './checkReport.js'
import type { InputFacts } from './inputFacts.js'
import type { MeshInput } from './inputs.js'
import type { CliIo } from './io.js'
import { scanInput } from './loadMesh.js'

/** What is kept of an input: its outcome, and what decides about its report. */
export interface KeptResult extends Outcome, Omit<InputFacts, 'withSource' | 'chartFolders'> {
  readonly withSource: readonly string[]
  readonly chartFolders: readonly string[]
}

/** The digest of everything that a scan has read. */
export class ScanDigest {
  readonly #hash: Hash = createHash('sha256')

  add(step: ByteStep): void {
    if (step.type === 'bytes') {
      this.#hash.update(`${JSON.stringify([step.file, step.bytes.length])}\n`)
      this.#hash.update(step.bytes)
    } else if (step.type === 'problem') this.#hash.update(`${JSON.stringify(step.problem)}\n`)
  }

  value(): string {
    return this.#hash.digest('hex')
  }
}

/**
 * The result of an input of `check`. It is used only if every file that the scan finds has the same bytes as before.
 * One result is kept for each input.
 */
export class ResultCache {
  readonly #cache: Cache
  readonly #key: string
  readonly #io: CliIo
  readonly #input: MeshInput

  private constructor(cache: Cache, key: string, io: CliIo, input: MeshInput) {
    this.#cache = cache
    this.#key = key
    this.#io = io
    this.#input = input
  }

  /** Undefined if the result depends on more than files. @param variant the parts of the result. */
  static for(io: CliIo, input: MeshInput, variant: string): ResultCache | undefined {
    const { cache, cwd } = io
    if (!cache || !input.settings.cache || input.helm === true || input.stdin) return undefined
    if (input.paths.some((path) => kindOfArgument(io, path) === 'stream')) return undefined
    const key = JSON.stringify(['check', variant, cwd, sorted(input)])
    return new ResultCache(cache, key, io, input)
  }

  get(): KeptResult | undefined {
    const text = this.#cache.get(this.#key)
    if (text === undefined) return undefined
    const end = text.indexOf('\n')
    const digest = new ScanDigest()
    for (const step of scanInput(this.#io, this.#input)) digest.add(step)
    return digest.value() === text.slice(0, end)
      ? parseKept(text.slice(end + 1), isKept)
      : undefined
  }

  put(digest: string, result: KeptResult): void {
    this.#cache.put(this.#key, `${digest}\n${JSON.stringify(result)}`)
    this.#cache.prune()
  }
}

/** A value with the keys of its mappings in order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)])
}

function isKept(value: unknown): value is KeptResult {
  const kept = value as Partial<Record<keyof KeptResult, unknown>> | null
  return (
    typeof kept === 'object' &&
    kept !== null &&
    [kept.files, kept.notices, kept.withSource, kept.chartFolders].every(
      (list) => Array.isArray(list) && list.every((item) => typeof item === 'string'),
    ) &&
    [kept.problems, kept.parts].every((list) => Array.isArray(list)) &&
    [kept.objects, kept.ignored].every(Number.isInteger) &&
    Array.isArray(kept.findings) &&
    kept.findings.every(isFinding)
  )
}

function isFinding(value: unknown): boolean {
  const finding = value as Record<string, unknown> | null
  return (
    typeof finding === 'object' &&
    finding !== null &&
    [finding['rule'], finding['message'], finding['file']].every(
      (each) => typeof each === 'string',
    ) &&
    LEVELS.some((level) => level === finding['level']) &&
    [finding['path'], finding['related'], finding['assumptions'], finding['fixes']].every((each) =>
      Array.isArray(each),
    ) &&
    typeof finding['range'] === 'object'
  )
}
