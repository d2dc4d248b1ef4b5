import { isBuildFile } from '@istio-ambient-policy/shared'
import type { Host } from '../host.js'
import { decodeText } from './decodeText.js'
import {
  failedStep,
  limitedBy,
  notice,
  noticeForAll,
  type ByteStep,
  type ScanStep,
} from './scanStep.js'
import { walk, type Location, type WalkOptions } from './walk.js'

export interface ScanOptions extends WalkOptions {
  /** Larger files are not read. */
  readonly maxBytes: number
}

/**
 * Lists and reads the YAML and JSON files below some paths. One directory or file is one step, so that it can run in
 * slices. It does not throw a `HostError`. Kustomizations and charts come first: otherwise the files that they include
 * would be read twice.
 *
 * @param paths absolute, with `/`. A file in `paths` is read with any extension; if it does not exist, it is ignored.
 */
export function* scan(
  host: Host,
  paths: readonly string[],
  options: ScanOptions,
): Generator<ScanStep, void, undefined> {
  for (const step of scanBytes(host, paths, options)) yield* decodedSteps(step)
}

/** The same, without a look at the bytes of the files. */
export function* scanBytes(
  host: Host,
  paths: readonly string[],
  options: ScanOptions,
): Generator<ByteStep, void, undefined> {
  const files = yield* walk(host, paths, options)
  const tooLarge: string[] = []
  for (const file of [
    ...files.filter(({ path }) => isBuildFile(path)),
    ...files.filter(({ path }) => !isBuildFile(path)),
  ]) {
    const step = readStep(host, file, options.maxBytes)
    if (step === TOO_LARGE) tooLarge.push(file.path)
    yield step
  }
  const message = `is larger than ${megabytes(options.maxBytes)} MB and was not read (setting maxFileSize)`
  for (const step of noticeForAll(tooLarge, message)) yield limitedBy('maxFileSize', step)
}

const TOO_LARGE: ByteStep = { type: 'listed' }

function readStep(host: Host, { path: file, real }: Location, maxBytes: number): ByteStep {
  try {
    const bytes = host.readFile(real, maxBytes)
    return bytes === 'too-large' ? TOO_LARGE : { type: 'bytes', file, bytes }
  } catch (error) {
    return failedStep(file, error)
  }
}

/** The text of a file, after its notices. Other steps stay as they are. */
export function decodedSteps(step: ByteStep): readonly ScanStep[] {
  if (step.type !== 'bytes') return [step]
  const { file, bytes } = step
  const { text, notice: message } = decodeText(bytes)
  return [
    ...(message === undefined
      ? []
      : [notice(file, message, text === undefined ? [file] : undefined)]),
    ...(text === undefined ? [] : [{ type: 'file' as const, file, text }]),
  ]
}

function megabytes(bytes: number): number {
  return Number((bytes / 1_000_000).toPrecision(3))
}
