import { expect, it } from 'vitest'
import { mesh } from '../testing/completionsAt.js'
import { readCursor } from '../testing/cursor.js'
import { completeSettings, explainSetting } from './settingsDocument.js'
import { readSettingsFile } from './readSettingsFile.js'
import { SETTING_FACTS } from './settingTable.js'

const itemsAt = (marked: string) => {
  const { text, offset } = readCursor(marked)
  return completeSettings(mesh, text, offset)?.items ?? []
}
const labelsAt = (marked: string): string[] => itemsAt(marked).map(({ label }) => label)

function choose(marked: string, label: string): string {
  const { text, offset } = readCursor(marked)
  const found = completeSettings(mesh, text, offset)
  const item = found?.items.find((candidate) => candidate.label === label)
  if (!found || !item) throw new Error(`${label} is not in ${labelsAt(marked).join(', ')}.`)
  return text.slice(0, found.span.start) + item.text + text.slice(found.span.end)
}

it('every setting is offered, without those that are written', () => {
  expect(labelsAt('█')).toEqual(Object.keys(SETTING_FACTS.properties ?? {}))
  expect(labelsAt('maxFiles: 1\n█')).not.toContain('maxFiles')
  expect(labelsAt('codeLens:\n  █')).toEqual([
    'policies',
    'waypoints',
    'workloads',
    'serviceAccounts',
  ])
  expect(labelsAt('charts:\n- █')).toEqual(['path', 'values', 'release', 'namespace'])
})

it.each([
  ['assumeAmbient: █', ['unknown-namespaces', 'all', 'none']],
  ['rules:\n  policy-idle: █', ['error', 'warning', 'information', 'hint', 'off']],
  ['codeLens: {policies: █}', ['true', 'false']],
  ['rootNamespace: █', ['jobs', 'shop']],
  ['trustDomain: █', ['cluster.local']],
  ['flags:\n  AMBIENT_ENABLE_STATUS: █', ['true', 'false']],
  ['exclude:\n- █', []],
  ['nothing:\n  █', []],
  ['rules:\n  nothing: █', []],
])('at %j the values are %j', (marked, expected) => {
  expect(labelsAt(marked)).toEqual(expected)
})

it('a file that is written with completions alone has no problem', () => {
  let text = choose('█', 'istioVersion')
  text = choose(`${text}█`, '1.30')
  text = choose(`${text}\n█`, 'rules')
  text = choose(`${text}█`, 'policy-idle')
  text = choose(`${text}█`, 'off')
  text = choose(`${text}\n█`, 'inlayHints')
  text = choose(`${text}█`, 'waypoint')
  text = choose(`${text}█`, 'false')
  expect(readSettingsFile(text)).toEqual({
    settings: {
      istioVersion: '1.30',
      rules: { 'policy-idle': 'off' },
      inlayHints: { waypoint: false },
    },
    problems: [],
  })
})

it('a setting is explained with its values and its default', () => {
  expect(explainSetting(['assumeAmbient'])).toContain('- `none`: Assume nothing')
  expect(explainSetting(['rules', 'policy-idle'])).toMatch(
    /\*\*rules\.policy-idle\*\*[^]*Default: `\w+`/,
  )
  expect(explainSetting(['flags', 'AMBIENT_ENABLE_STATUS'])).toContain('Default: `true`')
  expect(explainSetting(['charts', 0, 'release'])).toContain('Name of the release')
  expect(explainSetting(['rules', 'nothing'])).toBeUndefined()
  expect(explainSetting([])).toBeUndefined()
})
