import { expect, it } from 'vitest'
import { analyse, findingsOf } from '../../testing/index.js'
import { exportToIgnoredPage } from './export-to-ignored.page.js'
import { exportToIgnored } from './export-to-ignored.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === exportToIgnored.name)
    .map(({ message }) => message)

it('export-to-ignored reports the bad example of its page', () => {
  expect(found(exportToIgnoredPage.bad)).toEqual([
    'Clients of every namespace reach "site.example.com", for example of "other": ambient mode does not read exportTo.',
  ])
})

it('export-to-ignored reports nothing for the good example of its page', () => {
  expect(found(exportToIgnoredPage.good)).toEqual([])
})
