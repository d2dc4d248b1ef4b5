import { describe, expect, it } from 'vitest'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { decodeSettings } from './decodeSettings.js'
import { readSettingsFile } from './readSettingsFile.js'
import { DEFAULT_SETTINGS, mergeSettings } from './settings.js'

const problemsOf = (value: unknown): string[] =>
  decodeSettings(value).problems.map(({ message }) => message)

describe('decodeSettings', () => {
  it('every setting is decoded', () => {
    const given = {
      istioVersion: '1.30',
      rootNamespace: 'mesh',
      trustDomain: 'example.org',
      flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true },
      assumeAmbient: 'all',
      meshRoots: ['a', 'b/c'],
      exclude: ['**/testdata/**'],
      charts: [{ path: 'charts/shop', values: ['prod.yaml'], release: 'shop', namespace: 'shop' }],
      rules: { 'l7-allow-rule-dropped': 'off' },
      inlayHints: { waypoint: false },
      codeLens: { policies: false },
      maxFiles: 10,
      maxFileSize: 0.5,
      cache: false,
      trace: { server: 'verbose' },
    }
    expect(decodeSettings(given)).toEqual({ settings: given, problems: [] })
  })

  it('null and the empty string are decoded as unset', () => {
    expect(decodeSettings(undefined)).toEqual({ settings: {}, problems: [] })
    expect(decodeSettings({ rootNamespace: '', istioVersion: null, rules: {} })).toEqual({
      settings: { rules: {} },
      problems: [],
    })
  })

  it.each([
    ['text', 'The settings must be a mapping.'],
    [[], 'The settings must be a mapping.'],
    [{ istioVersion: 1.3 }, 'istioVersion must be a release of Istio in quotes, such as "1.30".'],
    [
      { istioVersion: 'latest' },
      'istioVersion must be a release of Istio in quotes, such as "1.30".',
    ],
    [{ rootNamespace: 'Istio_System' }, 'rootNamespace must be the name of a namespace.'],
    [{ trustDomain: 'spiffe://a' }, 'trustDomain must be a trust domain, such as "cluster.local".'],
    [
      { flags: { PILOT_AUTO_ALOW_WAYPOINT_POLICY: true } },
      'Unknown istiod flag "PILOT_AUTO_ALOW_WAYPOINT_POLICY". Did you mean "PILOT_AUTO_ALLOW_WAYPOINT_POLICY"?',
    ],
    [
      { flags: { AMBIENT_ENABLE_STATUS: 'yes' } },
      'flags.AMBIENT_ENABLE_STATUS must be true or false.',
    ],
    [{ assumeAmbient: 'some' }, 'assumeAmbient must be one of unknown-namespaces, all, none.'],
    [{ meshRoots: 'clusters' }, 'meshRoots must be a list of strings.'],
    [{ exclude: ['/'] }, 'The pattern "/" of exclude matches the whole folder.'],
    [{ exclude: ['./'] }, 'The pattern "./" of exclude matches the whole folder.'],
    [{ exclude: ['!x'] }, 'The pattern "!x" of exclude must not start with "!".'],
    [{ exclude: ['a', 'a'.repeat(2_000)] }, 'exclude has more than 2000 characters.'],
    [{ meshRoots: Array(1_001).fill('a') }, 'meshRoots has more than 1000 entries.'],
    [{ exclude: [1] }, 'exclude must be a list of strings.'],
    [{ charts: 'a' }, 'charts must be a list of charts, such as {path: charts/shop}.'],
    [{ charts: ['a'] }, 'charts.0 must be a mapping.'],
    [{ charts: [{ release: 'a' }] }, 'charts.0 must have the path of a chart.'],
    [
      { charts: [{ path: '--post-renderer=x' }] },
      'charts.0.path must be a path that does not start with "-".',
    ],
    [
      { charts: [{ path: 'a', values: ['-f'] }] },
      'charts.0.values must be a path, or a list of paths, that do not start with "-".',
    ],
    [
      { charts: [{ path: 'a', release: '--debug' }] },
      'charts.0.release must be the name of a Helm release.',
    ],
    [
      { charts: [{ path: 'a', namspace: 'b' }] },
      'Unknown setting "charts.0.namspace". Did you mean "namespace"?',
    ],
    [
      { rules: { 'l7-allow-rule-droped': 'off' } },
      'Unknown rule "l7-allow-rule-droped". Did you mean "l7-allow-rule-dropped"?',
    ],
    [
      { rules: { 'l7-allow-rule-dropped': 'fatal' } },
      'rules.l7-allow-rule-dropped must be one of error, warning, information, hint, off.',
    ],
    [{ inlayHints: true }, 'inlayHints must be a mapping.'],
    [{ codeLens: { policy: true } }, 'Unknown setting "codeLens.policy".'],
    [{ maxFiles: 0 }, 'maxFiles must be a whole number above 0.'],
    [
      { maxFileSize: '20MB' },
      'maxFileSize must be a number of megabytes, above 0 and at most 1024.',
    ],
    [{ trace: { server: 'loud' } }, 'trace.server must be one of off, messages, verbose.'],
    [{ ruls: {} }, 'Unknown setting "ruls". Did you mean "rules"?'],
    [{ constructor: 1 }, 'Unknown setting "constructor".'],
  ])('the settings %j have the problem: %s', (value, problem) => {
    expect(problemsOf(value)).toEqual([problem])
  })

  it('a setting with a problem is ignored, the others are kept', () => {
    const { settings, problems } = decodeSettings({
      maxFiles: -1,
      rules: { nothing: 'off', 'yaml-syntax': false },
      trustDomain: 'td',
    })
    expect(settings).toEqual({ rules: { 'yaml-syntax': 'off' }, trustDomain: 'td' })
    expect(problems.map(({ path }) => path.join('.'))).toEqual(['maxFiles', 'rules.nothing'])
  })

  it('every rule of the catalogue has a setting', () => {
    expect(
      problemsOf({ rules: Object.fromEntries(RULE_CATALOGUE.map(({ name }) => [name, 'hint'])) }),
    ).toEqual([])
  })
})

describe('readSettingsFile', () => {
  it('a release without quotes is read as text', () => {
    expect(readSettingsFile('istioVersion: 1.30\n')).toEqual({
      settings: { istioVersion: '1.30' },
      problems: [],
    })
  })

  it('a problem in a settings file has a range', () => {
    const [problem] = readSettingsFile(
      'rootNamespace: mesh\nrules:\n  no-such-rule: off\n',
    ).problems
    expect(problem).toEqual({
      path: ['rules', 'no-such-rule'],
      message: 'Unknown rule "no-such-rule".',
      range: { start: { line: 2, character: 2 }, end: { line: 2, character: 14 } },
    })
  })

  it('a settings file with invalid YAML has a problem, an empty one has none', () => {
    expect(readSettingsFile('rules: [\n').problems[0]?.path).toEqual([])
    expect(readSettingsFile('# nothing\n')).toEqual({ settings: {}, problems: [] })
    expect(readSettingsFile('- a\n').problems.map(({ message }) => message)).toEqual([
      'The settings must be a mapping.',
    ])
  })
})

describe('mergeSettings', () => {
  it('later settings override earlier ones, key by key in mappings', () => {
    const merged = mergeSettings(
      { rootNamespace: 'editor', rules: { 'yaml-syntax': 'off' }, inlayHints: { waypoint: false } },
      { rootNamespace: 'file', rules: { 'heredoc-debris': 'hint' } },
    )
    expect(merged.rootNamespace).toBe('file')
    expect(merged.rules).toEqual({ 'yaml-syntax': 'off', 'heredoc-debris': 'hint' })
    expect(merged.inlayHints).toEqual({ ...DEFAULT_SETTINGS.inlayHints, waypoint: false })
    expect(merged.maxFiles).toBe(DEFAULT_SETTINGS.maxFiles)
  })

  it('a cache that one source turns off stays off', () => {
    expect(mergeSettings({ cache: false }, { cache: true }).cache).toBe(false)
    expect(mergeSettings({}, { cache: false }).cache).toBe(false)
    expect(mergeSettings({}, {}).cache).toBe(true)
  })
})
