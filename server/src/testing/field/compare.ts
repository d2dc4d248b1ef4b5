import type { ExpectedFindings, Level, Required } from './fieldCase.js'

export interface Found {
  readonly rule: string
  readonly level: Level
  readonly file: string
  readonly message: string
  readonly object?: { readonly kind: string; readonly namespace?: string; readonly name: string }
  readonly related?: readonly { readonly message: string; readonly file: string }[]
}

const RANK: Readonly<Record<Level, number>> = { error: 3, warning: 2, information: 1, hint: 0 }

/** What is wrong with the findings, one line each. */
export function compareFindings(expected: ExpectedFindings, found: readonly Found[]): string[] {
  const missing = (expected.must ?? []).filter(
    (required) =>
      found.filter((finding) => meets(finding, required)).length < (required.count ?? 1),
  )
  const wrong = (expected.mustNot ?? []).flatMap((spec) =>
    found.filter((finding) => fits(finding, spec)),
  )
  const many = Object.entries(expected.atMost ?? {}).filter(
    ([spec, most]) => found.filter((finding) => fits(finding, spec)).length > most,
  )
  return [
    ...missing.map((required) => `missing: ${JSON.stringify(required)}`),
    ...wrong.map(({ file, level, message, rule }) => `false: ${level} ${rule} ${file}: ${message}`),
    ...many.map(([spec, most]) => `more than ${most}: ${spec}`),
  ]
}

/** The texts that are missing from another one, or that must not be in it. */
export function compareText(
  text: string,
  { has = [], hasNot = [] }: { has?: readonly string[]; hasNot?: readonly string[] },
): string[] {
  return [
    ...has.filter((part) => !text.includes(part)).map((part) => `lacks "${part}"`),
    ...hasNot.filter((part) => text.includes(part)).map((part) => `says "${part}"`),
  ]
}

/** Whether a row of a table has some values. */
export function hasValues(row: Readonly<Record<string, unknown>>, values: object): boolean {
  return Object.entries(values).every(
    ([key, value]) => JSON.stringify(row[key]) === JSON.stringify(value),
  )
}

function meets(finding: Found, required: Required): boolean {
  const text = [
    finding.message,
    ...(finding.related ?? []).flatMap(({ file, message }) => [message, file]),
  ].join('\n')
  const rank = RANK[finding.level]
  return (
    isOneOf(finding.rule, required.rule) &&
    (required.file === undefined || isOneOf(finding.file, required.file)) &&
    (required.maxLevel === undefined || rank <= RANK[required.maxLevel]) &&
    (required.minLevel === undefined || rank >= RANK[required.minLevel]) &&
    (required.object === undefined || objectOf(finding) === required.object) &&
    (required.says ?? []).every((texts) => texts.split('|').some((each) => text.includes(each)))
  )
}

function fits({ file, level, rule }: Found, spec: string): boolean {
  const [, wantedRule, wantedLevel, wantedFile] =
    /^([^:@]+)(?::(error|warning|information|hint))?(?:@(.+))?$/.exec(spec) ?? []
  return (
    (wantedRule === '*' || wantedRule === rule) &&
    (wantedLevel === undefined || RANK[level] >= RANK[wantedLevel as Level]) &&
    (wantedFile === undefined || wantedFile === file)
  )
}

const isOneOf = (value: string, alternatives: string): boolean =>
  alternatives.split('|').includes(value)

function objectOf({ object }: Found): string | undefined {
  return (
    object &&
    [object.kind, object.namespace, object.name].filter((part) => (part ?? '') !== '').join('/')
  )
}
