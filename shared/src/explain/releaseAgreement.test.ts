import { describe, expect, it } from 'vitest'
import { Views } from '../testing/index.js'
import { RELEASE_CASES } from '../testing/releaseCases.js'
import { RELEASE_FACTS, type ReleaseFact } from '../vocabulary/releases.js'

const PARTS = ['explain', 'evaluate', 'status', 'check'] as const
const release = (minor: number): string => `1.${minor}`

describe.each(Object.keys(RELEASE_CASES) as ReleaseFact[])('the release fact %s', (fact) => {
  const { files, flags, before, since, ...parts } = RELEASE_CASES[fact]
  const first = Number(RELEASE_FACTS[fact].since.slice('1.'.length))
  const viewsIn = (minor: number): Views =>
    new Views(files, { istioVersion: release(minor), ...(flags ? { flags } : {}) })

  it.each([
    ['before', first - 1, before],
    ['since', first, since],
  ])('explain, evaluate, status and check agree %s its release', (_, minor, expected) => {
    const views = viewsIn(minor)
    const answers = PARTS.flatMap((part) => {
      const view = parts[part]
      return typeof view === 'function' ? [[part, view(views)] as const] : []
    })
    expect(answers).toEqual(answers.map(([part]) => [part, expected]))
    expect(answers).not.toEqual([])
  })

  it('the other parts answer the same before and since its release', () => {
    for (const part of PARTS) {
      const view = parts[part]
      if (typeof view === 'function') continue
      expect(view.same(viewsIn(first)), part).toEqual(view.same(viewsIn(first - 1)))
    }
  })
})
