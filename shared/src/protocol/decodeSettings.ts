import { ISTIOD_FLAGS } from '../mesh/settings.js'
import { parseGlob } from '../text/pattern/parseGlob.js'
import { quoted } from '../text/words.js'
import { nearMiss } from '../mesh/nearMiss.js'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { INTERNAL_ERROR } from '../analysis/runRules.js'
import { LEVELS } from '../rules/finding.js'
import { DEFAULT_SETTINGS, type GivenSettings } from './settings.js'

/** A setting that is not valid and therefore ignored. */
export interface SettingProblem {
  /** Keys from the root to the setting; empty for the settings as a whole. */
  readonly path: readonly string[]
  /** A sentence that names the setting. */
  readonly message: string
}

export interface DecodedSettings {
  readonly settings: GivenSettings
  readonly problems: readonly SettingProblem[]
}

/** A decoded value (undefined if it is not valid), with its problems. */
interface Decoded {
  readonly value: unknown
  readonly problems: readonly LocalProblem[]
}

/** A problem whose path starts at the decoded value. */
interface LocalProblem {
  readonly path: readonly string[]
  /** The message, given the name of the setting: `rules.yaml-syntax`. */
  readonly describe: (name: string) => string
}

/** Limits of lists and mappings, so that they are read and compared quickly. */
const MAX_ENTRIES = 1_000
const MAX_GLOB_CHARACTERS = 2_000

type Decoder = (value: unknown) => Decoded

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

/**
 * Decodes settings from plain data. `null` and `''` mean unset, because editors send them for unset settings. Never
 * throws.
 */
export function decodeSettings(value: unknown): DecodedSettings {
  if (isUnset(value)) return { settings: {}, problems: [] }
  const decoded = decodeSection(SETTINGS)(value)
  const problems = decoded.problems.map(({ path, describe }) => ({
    path,
    message: describe(path.length === 0 ? 'The settings' : path.join('.')),
  }))
  return { settings: decoded.value ?? {}, problems }
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valid(value: unknown): Decoded {
  return { value, problems: [] }
}

function invalid(describe: LocalProblem['describe']): Decoded {
  return { value: undefined, problems: [{ path: [], describe }] }
}

function mustBe(what: string): Decoded {
  return invalid((name) => `${name} must be ${what}.`)
}

/** `Unknown rule "yaml-sintax". Did you mean "yaml-syntax"?` */
function unknown(what: string, shown: string, suggestion: string | undefined): string {
  const hint = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`
  return `Unknown ${what} "${shown}".${hint}`
}

/** Decodes a mapping; `decoderOf` gives the decoder for the value of a key. */
function decodeEntries(value: unknown, decoderOf: (key: string) => Decoder): Decoded {
  if (!isRecord(value)) return mustBe('a mapping')
  if (Object.keys(value).length > MAX_ENTRIES)
    return invalid(
      (name) =>
        `${name} ${name === 'The settings' ? 'have' : 'has'} more than ${MAX_ENTRIES} entries.`,
    )
  const decoded = Object.entries(value).map(([key, item]) => ({
    key,
    ...(isUnset(item) ? valid(undefined) : decoderOf(key)(item)),
  }))
  return {
    value: Object.fromEntries(
      decoded.filter((entry) => entry.value !== undefined).map((entry) => [entry.key, entry.value]),
    ),
    problems: decoded.flatMap(({ key, problems }) =>
      problems.map(({ path, describe }) => ({ path: [key, ...path], describe })),
    ),
  }
}

/** Decodes a mapping with a decoder for each allowed key. */
function decodeSection(decoders: Readonly<Record<string, Decoder>>): Decoder {
  const names = Object.keys(decoders)
  return (value) =>
    decodeEntries(
      value,
      (key) =>
        (Object.hasOwn(decoders, key) ? decoders[key] : undefined) ??
        (() => invalid((name) => unknown('setting', name, nearMiss(key, names)))),
    )
}

/** Decodes a mapping with known keys and values of one type. */
function decodeByName(names: readonly string[], what: string, decode: Decoder): Decoder {
  return (value) =>
    decodeEntries(value, (key) =>
      names.includes(key) ? decode : () => invalid(() => unknown(what, key, nearMiss(key, names))),
    )
}

function decodeText(pattern: RegExp, what: string): Decoder {
  return (value) => (typeof value === 'string' && pattern.test(value) ? valid(value) : mustBe(what))
}

function decodeOneOf(values: readonly string[]): Decoder {
  return (value) => {
    // YAML 1.1 and some editors read an unquoted `off` as false.
    const text = value === false && values.includes('off') ? 'off' : value
    return typeof text === 'string' && values.includes(text)
      ? valid(text)
      : mustBe(`one of ${values.join(', ')}`)
  }
}

const decodeBoolean: Decoder = (value) =>
  typeof value === 'boolean' ? valid(value) : mustBe('true or false')

const decodeStrings: Decoder = (value) => {
  if (!isStrings(value) || value.includes('')) return mustBe('a list of strings')
  return value.length <= MAX_ENTRIES
    ? valid(value)
    : invalid((name) => `${name} has more than ${MAX_ENTRIES} entries.`)
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

const decodeGlobs: Decoder = (value) => {
  const decoded = decodeStrings(value)
  if (!isStrings(decoded.value)) return decoded
  const globs = decoded.value
  if (globs.join('').length > MAX_GLOB_CHARACTERS)
    return invalid((name) => `${name} has more than ${MAX_GLOB_CHARACTERS} characters.`)
  return {
    value: globs.filter((glob) => typeof parseGlob(glob) !== 'string'),
    problems: globs.flatMap((glob) => {
      const problem = parseGlob(glob)
      return typeof problem === 'string'
        ? invalid((name) => `The pattern ${quoted(glob)} of ${name} ${problem}.`).problems
        : []
    }),
  }
}

/** Paths that are no options of a command. They are checked again where they are used. */
const PATH = /^[^-\s]\P{Cc}{0,1000}$/u
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

const decodePath = decodeText(PATH, 'a path that does not start with "-"')

const decodePaths: Decoder = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && PATH.test(item))
    ? valid(value)
    : typeof value === 'string' && PATH.test(value)
      ? valid([value])
      : mustBe('a path, or a list of paths, that do not start with "-"')

/** Decodes a list of mappings. The index of an item is part of its path. */
function decodeList(what: string, decode: Decoder): Decoder {
  return (value) => {
    if (!Array.isArray(value)) return mustBe(what)
    const items: readonly unknown[] = value
    const decoded = items.map((item) => decode(item))
    return {
      value: decoded.flatMap((item) => (item.value === undefined ? [] : [item.value])),
      problems: decoded.flatMap(({ problems }, index) =>
        problems.map(({ path, describe }) => ({ path: [String(index), ...path], describe })),
      ),
    }
  }
}

/** A chart without a valid path is ignored. */
const decodeChart: Decoder = (value) => {
  const decoded = decodeSection({
    path: decodePath,
    values: decodePaths,
    release: (name) =>
      typeof name === 'string' && name.length <= 53 && NAME.test(name)
        ? valid(name)
        : mustBe('the name of a Helm release'),
    namespace: decodeText(NAMESPACE, 'the name of a namespace'),
  })(value)
  if (isRecord(decoded.value) && 'path' in decoded.value) return decoded
  const missing = invalid((name) => `${name} must have the path of a chart.`)
  return decoded.problems.length > 0 ? { ...decoded, value: undefined } : missing
}

const decodeCount: Decoder = (value) =>
  Number.isSafeInteger(value) && Number(value) > 0 ? valid(value) : mustBe('a whole number above 0')

const decodeMegabytes: Decoder = (value) =>
  typeof value === 'number' && value > 0 && value <= 1024
    ? valid(value)
    : mustBe('a number of megabytes, above 0 and at most 1024')

const decodeVersion: Decoder = (value) => {
  const minor = typeof value === 'string' ? /^v?(1\.\d{1,3})(\.\d+)?$/.exec(value)?.[1] : undefined
  return minor === undefined ? mustBe('a release of Istio in quotes, such as "1.30"') : valid(minor)
}

const SETTINGS: Readonly<Record<string, Decoder>> = {
  istioVersion: decodeVersion,
  rootNamespace: decodeText(NAMESPACE, 'the name of a namespace'),
  trustDomain: decodeText(/^[^\s/]{1,255}$/, 'a trust domain, such as "cluster.local"'),
  flags: decodeByName(Object.keys(ISTIOD_FLAGS), 'istiod flag', decodeBoolean),
  assumeAmbient: decodeOneOf(['unknown-namespaces', 'all', 'none']),
  meshRoots: decodeStrings,
  exclude: decodeGlobs,
  charts: decodeList('a list of charts, such as {path: charts/shop}', decodeChart),
  rules: decodeByName(
    [...RULE_CATALOGUE.map(({ name }) => name), INTERNAL_ERROR],
    'rule',
    decodeOneOf([...LEVELS, 'off']),
  ),
  inlayHints: decodeSection(switches(DEFAULT_SETTINGS.inlayHints)),
  codeLens: decodeSection(switches(DEFAULT_SETTINGS.codeLens)),
  maxFiles: decodeCount,
  maxFileSize: decodeMegabytes,
  cache: decodeBoolean,
  trace: decodeSection({ server: decodeOneOf(['off', 'messages', 'verbose']) }),
}

function switches(defaults: object): Record<string, Decoder> {
  return Object.fromEntries(Object.keys(defaults).map((key) => [key, decodeBoolean]))
}
