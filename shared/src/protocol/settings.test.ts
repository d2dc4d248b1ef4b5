import { describe, expect, it } from 'vitest'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { decodeSettings, settingProblemText } from './decodeSettings.js'
import { readSettingsFile } from './readSettingsFile.js'
import { DEFAULT_SETTINGS, mergeSettings } from './settings.js'

const problemsOf = (value: unknown): string[] =>
  decodeSettings(value).problems.map(settingProblemText)

describe('decodeSettings', () => {
  it('takes every setting', () => {
    const given = {
      istioVersion: '1.30',
      rootNamespace: 'mesh',
      trustDomain: 'example.org',
      flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true },
      assumeAmbient: 'all',
      meshRoots: ['a', 'b/c'],
      exclude: ['**/testdata/**'],
      rules: { 'l7-allow-rule-dropped': 'off' },
      inlayHints: { waypoint: false },
      codeLens: { policies: false },
      maxFiles: 10,
      maxFileSize: 0.5,
      trace: { server: 'verbose' },
    }
    expect(decodeSettings(given)).toEqual({ settings: given, problems: [] })
  })

  it('reads what is unset as nothing said', () => {
    expect(decodeSettings(undefined)).toEqual({ settings: {}, problems: [] })
    expect(decodeSettings({ rootNamespace: '', istioVersion: null, rules: {} })).toEqual({
      settings: { rules: {} },
      problems: [],
    })
  })

  it.each([
    ['text', 'must be a mapping.'],
    [[], 'must be a mapping.'],
    [{ istioVersion: 1.3 }, 'istioVersion must be a release of Istio in quotes, such as "1.30".'],
    [
      { istioVersion: 'latest' },
      'istioVersion must be a release of Istio in quotes, such as "1.30".',
    ],
    [{ rootNamespace: 'Istio_System' }, 'rootNamespace must be the name of a namespace.'],
    [{ trustDomain: 'spiffe://a' }, 'trustDomain must be a trust domain, such as "cluster.local".'],
    [
      { flags: { PILOT_AUTO_ALOW_WAYPOINT_POLICY: true } },
      'flags.PILOT_AUTO_ALOW_WAYPOINT_POLICY is no istiod flag; did you mean "PILOT_AUTO_ALLOW_WAYPOINT_POLICY"?',
    ],
    [
      { flags: { AMBIENT_ENABLE_STATUS: 'yes' } },
      'flags.AMBIENT_ENABLE_STATUS must be true or false.',
    ],
    [{ assumeAmbient: 'some' }, 'assumeAmbient must be one of unknown-namespaces, all, none.'],
    [{ meshRoots: 'clusters' }, 'meshRoots must be a list of strings.'],
    [{ exclude: [1] }, 'exclude must be a list of strings.'],
    [
      { rules: { 'l7-allow-rule-droped': 'off' } },
      'rules.l7-allow-rule-droped is no rule; did you mean "l7-allow-rule-dropped"?',
    ],
    [
      { rules: { 'l7-allow-rule-dropped': 'fatal' } },
      'rules.l7-allow-rule-dropped must be one of error, warning, information, hint, off.',
    ],
    [{ inlayHints: true }, 'inlayHints must be a mapping.'],
    [{ codeLens: { policy: true } }, 'codeLens.policy is no setting.'],
    [{ maxFiles: 0 }, 'maxFiles must be a whole number above 0.'],
    [
      { maxFileSize: '20MB' },
      'maxFileSize must be a number of megabytes, above 0 and at most 1024.',
    ],
    [{ trace: { server: 'loud' } }, 'trace.server must be one of off, messages, verbose.'],
    [{ constructor: 1 }, 'constructor is no setting.'],
  ])('%j: %s', (value, problem) => {
    expect(problemsOf(value)).toEqual([problem])
  })

  it('leaves out what is wrong and keeps the rest', () => {
    const { settings, problems } = decodeSettings({
      maxFiles: -1,
      rules: { nothing: 'off', 'yaml-syntax': false },
      trustDomain: 'td',
    })
    expect(settings).toEqual({ rules: { 'yaml-syntax': 'off' }, trustDomain: 'td' })
    expect(problems.map(({ path }) => path.join('.'))).toEqual(['maxFiles', 'rules.nothing'])
  })

  it('knows every rule of the catalogue', () => {
    expect(
      problemsOf({ rules: Object.fromEntries(RULE_CATALOGUE.map(({ name }) => [name, 'hint'])) }),
    ).toEqual([])
  })
})

describe('readSettingsFile', () => {
  it('takes a release written as a number by its text', () => {
    expect(readSettingsFile('istioVersion: 1.30\n')).toEqual({
      settings: { istioVersion: '1.30' },
      problems: [],
    })
  })

  it('says where a wrong key stands', () => {
    const [problem] = readSettingsFile(
      'rootNamespace: mesh\nrules:\n  no-such-rule: off\n',
    ).problems
    expect(problem).toEqual({
      path: ['rules', 'no-such-rule'],
      message: 'is no rule.',
      range: { start: { line: 2, character: 2 }, end: { line: 2, character: 14 } },
    })
  })

  it('says where a file is no YAML, and takes an empty one as silence', () => {
    expect(readSettingsFile('rules: [\n').problems[0]?.path).toEqual([])
    expect(readSettingsFile('# nothing\n')).toEqual({ settings: {}, problems: [] })
    expect(readSettingsFile('- a\n').problems.map(settingProblemText)).toEqual([
      'must be a mapping.',
    ])
  })
})

describe('mergeSettings', () => {
  it('lets later sources win, key by key where there are keys', () => {
    const merged = mergeSettings(
      { rootNamespace: 'editor', rules: { 'yaml-syntax': 'off' }, inlayHints: { waypoint: false } },
      { rootNamespace: 'file', rules: { 'heredoc-debris': 'hint' } },
    )
    expect(merged.rootNamespace).toBe('file')
    expect(merged.rules).toEqual({ 'yaml-syntax': 'off', 'heredoc-debris': 'hint' })
    expect(merged.inlayHints).toEqual({ ...DEFAULT_SETTINGS.inlayHints, waypoint: false })
    expect(merged.maxFiles).toBe(DEFAULT_SETTINGS.maxFiles)
  })
})
