import { expect, it } from 'vitest'
import { analyse, findingsOf } from '../../testing/index.js'
import { hostDefinedTwicePage } from './host-defined-twice.page.js'
import { hostDefinedTwice } from './host-defined-twice.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === hostDefinedTwice.name)
    .map(({ message }) => message)

it('host-defined-twice reports the bad example of its page', () => {
  expect(found(hostDefinedTwicePage.bad)).toEqual([
    'Clients of namespace "south" bypass waypoint "north/exit": "site.example.com" is also defined in "south/site".',
  ])
})

it('host-defined-twice reports nothing for the good example of its page', () => {
  expect(found(hostDefinedTwicePage.good)).toEqual([])
})
