import { expect, it } from 'vitest'
import { analyse, findingsOf } from '../../testing/index.js'
import { serviceEntryNotCapturedPage } from './service-entry-not-captured.page.js'
import { serviceEntryNotCaptured } from './service-entry-not-captured.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === serviceEntryNotCaptured.name)
    .map(({ message }) => message)

it('service-entry-not-captured reports the bad example of its page', () => {
  expect(found(serviceEntryNotCapturedPage.bad)).toEqual([
    'Clients bypass waypoint "apps/exit" and its policies: ztunnel knows no address of "site.example.com", because resolution NONE gives it none.',
  ])
})

it('service-entry-not-captured reports nothing for the good example of its page', () => {
  expect(found(serviceEntryNotCapturedPage.good)).toEqual([])
})
