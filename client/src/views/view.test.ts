import { expect, it } from 'vitest'
import { decodePageMessage } from './view.js'

it.each([
  [{ type: 'ready', more: 1 }, { type: 'ready' }],
  [
    { type: 'open', link: 3 },
    { type: 'open', link: 3 },
  ],
  [
    { type: 'action', id: 'change' },
    { type: 'action', id: 'change' },
  ],
  [
    { type: 'cell', row: 0, column: 2 },
    { type: 'cell', row: 0, column: 2 },
  ],
])('the message %j of a page is valid', (message, decoded) => {
  expect(decodePageMessage(message)).toEqual(decoded)
})

it.each([
  undefined,
  null,
  'ready',
  [],
  {},
  { type: 'open' },
  { type: 'open', link: '3' },
  { type: 'open', link: -1 },
  { type: 'open', link: 0.5 },
  { type: 'cell', row: 1 },
  { type: 'cell', row: 1, column: -1 },
  { type: 'action', id: {} },
  { type: 'run', command: 'x' },
])('the message %j of a page is not valid', (message) => {
  expect(decodePageMessage(message)).toBeUndefined()
})
