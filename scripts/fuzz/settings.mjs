// Settings files that are wrong in many ways: reading them must not throw, each problem must have a place, and the
// settings that remain must be usable.
import {
  DEFAULT_SETTINGS,
  globMatcher,
  mergeSettings,
  readSettingsFile,
} from '../../shared/src/index.ts'
import { liesIn, linesOf } from './findings.mjs'

const KEYS = [
  ...Object.keys(DEFAULT_SETTINGS),
  'istioVersion',
  'rootNamespace',
  'trustDomain',
  'flags',
  'rulez',
  '__proto__',
  '<<',
  '',
  'trace.server',
]
const VALUES = [
  'true',
  'off',
  '~',
  '0',
  '-1',
  '1e99',
  '1.30',
  '"1.30"',
  '[]',
  '{}',
  '[a, b/**, "!c"]',
  '["(a+)+b", "{a,{b,c}}", "[!x]*"]',
  '[1, [2], {a: b}]',
  '{yaml-syntax: off, no-such-rule: error}',
  '{PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true, __proto__: 1}',
  '[{path: ../x}, {path: -x}, {values: 1}]',
  '&a [*a]',
  '*b',
  '!!binary x',
  '"\\u0000\\u001b"',
  '|\n  text',
  '"unclosed',
]

export const settings = {
  name: 'settings',
  count: 5_000,
  draw: (random) => ({
    parts: Array.from({ length: 1 + random.below(8) }, () =>
      random.chance(90)
        ? `${random.pick(KEYS)}: ${random.pick(VALUES)}\n`
        : `${random.pick(VALUES)}\n`,
    ),
    units: 1,
  }),
  check({ parts }) {
    const text = parts.join('')
    const { settings: read, problems } = readSettingsFile(text)
    const lines = linesOf(text)
    const outside = problems.find(({ range }) => !liesIn(range, lines))
    if (outside) return `The problem "${outside.message}" is outside the text.`
    const merged = mergeSettings(read)
    const unknown = Object.keys(read).find((key) => !KEYS.includes(key))
    if (unknown !== undefined) return `The settings have the key ${unknown}.`
    if (globMatcher(merged.exclude)('')) return 'The whole folder is excluded.'
    return Object.prototype.polluted === undefined ? undefined : 'The prototype is changed.'
  },
  show: ({ parts }) => parts.join(''),
}
