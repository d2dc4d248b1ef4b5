import { expect, it } from 'vitest'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { renderEdits } from './renderEdits.js'

const setting = [{ op: 'setting' as const, key: 'assumeAmbient', value: 'none' }]
const sourceWith = (
  text: string | undefined,
  settingsFile: string | undefined = '/w/.ambient-policy.yaml',
) => ({
  documentText: () => undefined,
  placeOf: () => undefined,
  fileText: () => text,
  settingsFile,
})
const after = (text: string | undefined): string | undefined => {
  const [edit] = renderEdits(setting, sourceWith(text)) ?? []
  return edit && applyTextEdits(text ?? '', edit.edits)
}

it('a setting is written to a new file, added to one, or replaced in it', () => {
  expect(renderEdits(setting, sourceWith(undefined))).toMatchObject([
    { file: '/w/.ambient-policy.yaml', isNew: true },
  ])
  expect(after(undefined)).toBe('assumeAmbient: none\n')
  expect(after('# ours\nistioVersion: "1.30"\n')).toBe(
    '# ours\nistioVersion: "1.30"\nassumeAmbient: none\n',
  )
  expect(after('assumeAmbient: all # until May\n')).toBe('assumeAmbient: none # until May\n')
})

it('a setting is not written where there is no settings file', () => {
  expect(
    renderEdits(setting, { ...sourceWith(undefined), settingsFile: undefined }),
  ).toBeUndefined()
})
