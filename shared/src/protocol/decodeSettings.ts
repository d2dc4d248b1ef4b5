import { ISTIOD_FLAGS } from '../mesh/settings.js'
import { nearMiss } from '../mesh/nearMiss.js'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { INTERNAL_ERROR } from '../analysis/judge.js'
import { LEVELS } from '../rules/finding.js'
import { DEFAULT_SETTINGS, type GivenSettings } from './settings.js'

/** A setting that cannot be used: which, and why. It is left out; the others hold. */
export interface SettingProblem {
  readonly path: readonly string[]
  readonly message: string
}

export interface DecodedSettings {
  readonly settings: GivenSettings
  readonly problems: readonly SettingProblem[]
}

/** What a value means (undefined: nothing), and what is wrong with it; paths start at the value. */
interface Decoded {
  readonly value: unknown
  readonly problems: readonly SettingProblem[]
}

type Decoder = (value: unknown) => Decoded

/** Decodes settings from plain data. `null` and `''` mean unset, as editors send what is not set. Never throws. */
export function decodeSettings(value: unknown): DecodedSettings {
  if (isUnset(value)) return { settings: {}, problems: [] }
  const decoded = decodeSection(SETTINGS)(value)
  return { settings: decoded.value ?? {}, problems: decoded.problems }
}

/** One line for a person: `rules.foo is no rule.` */
export function settingProblemText({ path, message }: SettingProblem): string {
  return path.length === 0 ? message : `${path.join('.')} ${message}`
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function right(value: unknown): Decoded {
  return { value, problems: [] }
}

function wrong(message: string): Decoded {
  return { value: undefined, problems: [{ path: [], message }] }
}

/** A mapping; `decoderOf` knows what each of its keys may hold. */
function decodeEntries(value: unknown, decoderOf: (key: string) => Decoder): Decoded {
  if (!isRecord(value)) return wrong('must be a mapping.')
  const decoded = Object.entries(value).map(([key, item]) => ({
    key,
    ...(isUnset(item) ? right(undefined) : decoderOf(key)(item)),
  }))
  return {
    value: Object.fromEntries(
      decoded.filter((entry) => entry.value !== undefined).map((entry) => [entry.key, entry.value]),
    ),
    problems: decoded.flatMap(({ key, problems }) =>
      problems.map(({ path, message }) => ({ path: [key, ...path], message })),
    ),
  }
}

/** A mapping with a decoder for each key it may have. */
function decodeSection(decoders: Readonly<Record<string, Decoder>>): Decoder {
  const names = Object.keys(decoders)
  return (value) =>
    decodeEntries(
      value,
      (key) =>
        (Object.hasOwn(decoders, key) ? decoders[key] : undefined) ??
        (() => wrong(`is no setting${suggestion(key, names)}`)),
    )
}

/** A mapping from names of a known set to values of one type. */
function decodeByName(names: readonly string[], what: string, decode: Decoder): Decoder {
  return (value) =>
    decodeEntries(value, (key) =>
      names.includes(key) ? decode : () => wrong(`is no ${what}${suggestion(key, names)}`),
    )
}

function suggestion(name: string, names: readonly string[]): string {
  const near = nearMiss(name, names)
  return near === undefined ? '.' : `; did you mean "${near}"?`
}

function decodeText(pattern: RegExp, what: string): Decoder {
  return (value) =>
    typeof value === 'string' && pattern.test(value) ? right(value) : wrong(`must be ${what}.`)
}

function decodeOneOf(values: readonly string[]): Decoder {
  return (value) => {
    // To YAML 1.1 and to some editors an unquoted `off` is false.
    const text = value === false && values.includes('off') ? 'off' : value
    return typeof text === 'string' && values.includes(text)
      ? right(text)
      : wrong(`must be one of ${values.join(', ')}.`)
  }
}

const decodeBoolean: Decoder = (value) =>
  typeof value === 'boolean' ? right(value) : wrong('must be true or false.')

const decodeStrings: Decoder = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')
    ? right(value)
    : wrong('must be a list of strings.')

const decodeCount: Decoder = (value) =>
  Number.isSafeInteger(value) && Number(value) > 0
    ? right(value)
    : wrong('must be a whole number above 0.')

const decodeMegabytes: Decoder = (value) =>
  typeof value === 'number' && value > 0 && value <= 1024
    ? right(value)
    : wrong('must be a number of megabytes, above 0 and at most 1024.')

const decodeVersion: Decoder = (value) => {
  const minor = typeof value === 'string' ? /^v?(1\.\d{1,3})(\.\d+)?$/.exec(value)?.[1] : undefined
  return minor === undefined
    ? wrong('must be a release of Istio in quotes, such as "1.30".')
    : right(minor)
}

const SETTINGS: Readonly<Record<string, Decoder>> = {
  istioVersion: decodeVersion,
  rootNamespace: decodeText(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'the name of a namespace'),
  trustDomain: decodeText(/^[^\s/]+$/, 'a trust domain, such as "cluster.local"'),
  flags: decodeByName(Object.keys(ISTIOD_FLAGS), 'istiod flag', decodeBoolean),
  assumeAmbient: decodeOneOf(['unknown-namespaces', 'all', 'none']),
  meshRoots: decodeStrings,
  exclude: decodeStrings,
  rules: decodeByName(
    [...RULE_CATALOGUE.map(({ name }) => name), INTERNAL_ERROR],
    'rule',
    decodeOneOf([...LEVELS, 'off']),
  ),
  inlayHints: decodeSection(switches(DEFAULT_SETTINGS.inlayHints)),
  codeLens: decodeSection(switches(DEFAULT_SETTINGS.codeLens)),
  maxFiles: decodeCount,
  maxFileSize: decodeMegabytes,
  trace: decodeSection({ server: decodeOneOf(['off', 'messages', 'verbose']) }),
}

function switches(defaults: object): Record<string, Decoder> {
  return Object.fromEntries(Object.keys(defaults).map((key) => [key, decodeBoolean]))
}
