import { rulePageUri } from '@istio-ambient-policy/shared'
import { expect, it } from 'vitest'
import { rulePageOf } from './rulePages.js'

const WEB = 'https://docs.example/rules/{rule}.html'
const ABILITIES = { textDocumentContent: false, rulePages: undefined }

it('an editor that shows documents of the server has rule pages without network', () => {
  const pageOf = rulePageOf({ ...ABILITIES, textDocumentContent: true }, WEB)
  expect(pageOf('empty-selector')).toBe(rulePageUri('empty-selector'))
})

it('another editor gets the page on the web, or at its own address', () => {
  expect(rulePageOf(ABILITIES, WEB)('empty-selector')).toBe(
    'https://docs.example/rules/empty-selector.html',
  )
  const own = rulePageOf({ ...ABILITIES, rulePages: 'editor:{rule}' }, WEB)
  expect(own('empty-selector')).toBe('editor:empty-selector')
})

it('without an address, and for a name that is no rule, there is no page', () => {
  expect(rulePageOf(ABILITIES)('empty-selector')).toBeUndefined()
  expect(rulePageOf(ABILITIES, WEB)('internal-error')).toBeUndefined()
})
