import {
  printable,
  isInside,
  unreadParts,
  type Settings,
  type UnusualDocument,
  type WorkspaceMeshes,
} from '@istio-ambient-policy/shared'
import { isRead } from '../workspace/readFolder.js'
import type { ScanProblem } from '../workspace/scanStep.js'
import { walk } from '../workspace/walk.js'
import type { CliIo } from './io.js'
import { counted } from './format/words.js'
import { displayPath } from './paths.js'

export type NotReadReason =
  /** A file that is unreadable, too large or not text, or files beyond `maxFiles`. */
  | 'file'
  | 'excluded'
  /** A template, which is no object yet. */
  | 'template'
  /** A document that may be an object, with a kind that only kubectl can read. */
  | 'kind'
  /** A document that is no valid YAML, or beyond a limit. */
  | 'invalid'
  /** A part of a kustomization that is not applied. */
  | 'kustomization'
  /** The charts that a chart depends on. */
  | 'dependencies'

/** Something in the input that takes no part in the analysis. */
export interface NotRead {
  /** An absolute path, or the name of standard input. */
  readonly file: string
  /** Zero-based; null: the file as a whole. */
  readonly line: number | null
  readonly reason: NotReadReason
  /** Continues a sentence after the file: `is larger than 20 MB and was not read`. */
  readonly message: string
}

export function notReadFiles(problems: readonly ScanProblem[]): NotRead[] {
  return problems.flatMap(({ message, unread = [] }) =>
    unread.map((file) => ({ file, line: null, reason: 'file', message })),
  )
}

/** The files that the setting `exclude` hides. They are listed and not read. */
export function excludedFiles(
  io: CliIo,
  paths: readonly string[],
  { settings, folder }: { readonly settings: Settings; readonly folder: string },
): NotRead[] {
  if (settings.exclude.length === 0) return []
  const isWanted = isRead(folder, settings)
  const steps = walk(io.host, paths, {
    maxFiles: settings.maxFiles * 2,
    isExcluded: () => false,
  })
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
    .map(({ path }) => path)
    .filter((file) => !paths.includes(file) && isInside(file, folder) && !isWanted(file))
    .map((file) => ({
      file,
      line: null,
      reason: 'excluded',
      message: 'is excluded by the setting exclude',
    }))
}

/** What the analysis does not read of the files that it has. */
export function notReadParts(
  meshes: WorkspaceMeshes,
  unusualDocumentsOf: (file: string) => readonly UnusualDocument[],
): NotRead[] {
  const all = meshes
    .analyses()
    .flatMap((analysis) => unreadParts(analysis, unusualDocumentsOf))
    .map(({ file, line, reason, what }): NotRead => ({
      file,
      line: line ?? null,
      reason,
      message: MESSAGES[reason](what),
    }))
  return [...new Map(all.map((part) => [JSON.stringify(part), part])).values()]
}

const MESSAGES: Readonly<
  Record<Exclude<NotReadReason, 'file' | 'excluded'>, (what: string) => string>
> = {
  template: (what) => `contains a template${what === '' ? '' : ` of the kind ${what}`}: render it`,
  kind: () => 'has a document whose kind is not read: write a plain key "kind"',
  invalid: () => 'has a document with an error of syntax, which is not read in full',
  kustomization: (what) => `is applied without ${what}: check the output of kustomize`,
  dependencies: () => 'has dependencies, which are not rendered: use --helm',
}

const MAX_LINES = 50
const STRICT = '--strict: '

/** Prints each part that was not read to standard error. `prefix` is the option that asks for it. */
export function warnAboutNotRead(io: CliIo, notRead: readonly NotRead[], prefix = ''): void {
  for (const { file, line, message } of notRead.slice(0, MAX_LINES)) {
    const place = `${displayPath(io.cwd, file)}${line === null ? '' : `:${line + 1}`}`
    io.warn(printable(`${prefix}${place} ${message}`))
  }
  const rest = notRead.length - MAX_LINES
  if (rest > 0)
    io.warn(`${prefix}${counted(rest, 'more place')} ${rest === 1 ? 'is' : 'are'} not read`)
}

/** Whether a command with `--strict` fails. Prints why. */
export function failsStrictly(
  io: CliIo,
  { strict }: { readonly strict?: boolean },
  notRead: readonly NotRead[],
): boolean {
  if (strict !== true) return false
  warnAboutNotRead(io, notRead, STRICT)
  return notRead.length > 0
}
