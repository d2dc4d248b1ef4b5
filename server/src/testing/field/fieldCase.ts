import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Level = 'error' | 'warning' | 'information' | 'hint'

/** What must be found. `rule`, `file` and each text of `says` can list alternatives: `a|b`. */
export interface Required {
  readonly rule: string
  readonly file?: string
  /** `Kind/namespace/name`. */
  readonly object?: string
  readonly minLevel?: Level
  readonly maxLevel?: Level
  readonly count?: number
  /** Texts of the message, of related facts or of their files. */
  readonly says?: readonly string[]
}

export interface ExpectedFindings {
  readonly must?: readonly Required[]
  /** `rule`, `rule:level` or `rule:level@file`; `*` is any rule. A level includes the levels above it. */
  readonly mustNot?: readonly string[]
  /** The highest number of findings for such a text. */
  readonly atMost?: Readonly<Record<string, number>>
}

interface ExpectedAnswer {
  readonly request: object
  /** Alternatives as in `deny|undecided`. */
  readonly verdict: string
  readonly assumes?: readonly string[]
}

type Row = Readonly<Record<string, unknown>>

/** What is true in one fix's mesh: the preferred fix of a finding, or the one whose title has a text. */
export interface ExpectedFix extends ExpectedFindings {
  readonly rule: string
  readonly file?: string
  readonly title?: string
  /** The finding or its fix may be missing. */
  readonly optional?: boolean
  /** No fix with this title. */
  readonly absent?: boolean
  readonly evaluate?: readonly ExpectedAnswer[]
}

/** What is true of a folder in `test-fixtures/field`, by Istio's source: `expected.json`. */
export interface Expected extends ExpectedFindings {
  readonly kind: string
  readonly source: string
  readonly note?: string
  /** Arguments of the command line; by default all files. */
  readonly paths?: readonly string[]
  readonly evaluate?: readonly ExpectedAnswer[]
  readonly explain?: readonly {
    readonly object: string
    readonly has?: readonly string[]
    readonly hasNot?: readonly string[]
  }[]
  readonly status?: readonly (Row & { readonly absent?: boolean })[]
  readonly ztunnel?: readonly {
    readonly table: string
    readonly has?: readonly Row[]
    readonly hasNot?: readonly Row[]
  }[]
  readonly stderr?: {
    readonly has?: readonly string[]
    readonly hasNot?: readonly string[]
    readonly empty?: boolean
  }
  /** Files that a finding or standard error names. */
  readonly told?: readonly string[]
  /** The exit status of `check --fail-on error`. */
  readonly exit?: number
  readonly lsp?: ExpectedFindings
  readonly fix?: readonly ExpectedFix[]
  readonly fixAllSame?: boolean
}

export interface FieldCase {
  readonly name: string
  /** All files but `expected.json`. */
  readonly files: Readonly<Record<string, string>>
  readonly expected: Expected
}

const ROOT = fileURLToPath(new URL('../../../../test-fixtures/field/', import.meta.url))

/** The cases of `test-fixtures/field`: meshes of public reports and repositories with other names. */
export function fieldCases(): FieldCase[] {
  return readdirSync(ROOT).map((name) => {
    const { 'expected.json': expected = '', ...files } = filesIn(join(ROOT, name))
    return { name, files, expected: JSON.parse(expected) as Expected }
  })
}

/** The files of a folder and of the folders in it, by their paths. */
export function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name))
  return Object.fromEntries(
    files.map((file) => [
      file.slice(folder.length + 1).replaceAll('\\', '/'),
      readFileSync(file, 'utf8'),
    ]),
  )
}

/** The arguments of a command line for a case: its files, or the folder where it has folders or a kustomization. */
export function argumentsFor({ expected, files }: FieldCase): readonly string[] {
  const manifests = Object.keys(files).filter((file) => /^[^.].*\.ya?ml$/.test(file))
  const isTree = manifests.some((file) => /\/|^(kustomization|Chart)\.yaml$/.test(file))
  return expected.paths ?? (isTree ? ['.'] : manifests.sort())
}
