import { expect, it } from 'vitest'
import { documents, pod, resourcesOf } from '../testing/index.js'
import { isSameResult } from './isSameResult.js'

it('results are the same where their data and their resources are the same', () => {
  const [a, b] = resourcesOf(documents(pod('n/p'), pod('n/p')))
  expect([
    isSameResult({ mode: 'ambient', of: [a] }, { mode: 'ambient', of: [a] }),
    isSameResult([new Set(['x']), new Map([['k', [a]]])], [new Set(['x']), new Map([['k', [a]]])]),
    isSameResult(Number.NaN, Number.NaN),
  ]).toEqual([true, true, true])
  expect([
    isSameResult(a, b),
    isSameResult([a], [b]),
    isSameResult({ x: 1 }, { x: 1, y: undefined }),
    isSameResult({ x: undefined }, { y: undefined }),
    isSameResult([1], [1, 2]),
    isSameResult(new Set([1]), new Set([2])),
    isSameResult(new Map([['k', 1]]), new Map([['k', 2]])),
    isSameResult([], {}),
    isSameResult({}, []),
    isSameResult(null, {}),
    isSameResult(new Date(0), new Date(0)),
    isSameResult(new Set(), new Map()),
    isSameResult(new Map(), new Set()),
  ]).toEqual(new Array(13).fill(false))
})
