import { expect, it } from 'vitest'
import { heredocDebris } from '../rules/yaml/heredoc-debris.js'
import { heredocDebrisPage } from '../rules/yaml/heredoc-debris.page.js'
import { applyFix, expectFixed } from './index.js'

const choice = { rule: heredocDebris.name, title: 'Remove the heredoc line' }

it('a wrong golden text and an unknown fix throw errors that say what is there', () => {
  expect(() => expectFixed(heredocDebrisPage.bad, choice, 'x')).toThrow(
    /test\.yaml should be\nx\n--- test\.yaml is\napiVersion/,
  )
  expect(() => applyFix(heredocDebrisPage.bad, { ...choice, title: 'Nothing' })).toThrow(
    'There is: fix "Remove the heredoc line".',
  )
  expect(() => applyFix(heredocDebrisPage.good, choice)).toThrow('There is: nothing.')
})
