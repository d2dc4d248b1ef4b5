import { expect, it } from 'vitest'
import { parseBool, parseInteger } from './goValues.js'

it('reads booleans as strconv.ParseBool does', () => {
  expect(['1', 't', 'T', 'TRUE', 'true', 'True'].map(parseBool)).toEqual(Array(6).fill(true))
  expect(['0', 'f', 'F', 'FALSE', 'false', 'False'].map(parseBool)).toEqual(Array(6).fill(false))
  expect(['', 'yes', 'no', 'tRUE', ' true', '2'].map(parseBool)).toEqual(Array(6).fill(undefined))
})

it('reads integers as strconv.Atoi does', () => {
  expect(['0', '+5', '-5', '007'].map(parseInteger)).toEqual([0, 5, -5, 7])
  expect(['', ' 5', '5%', '0.5', '1e2', '0x1'].map(parseInteger)).toEqual(Array(6).fill(undefined))
})
