import { DEFAULT_SETTINGS } from '@istio-ambient-policy/shared'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ShownFinding } from '../convert/shownFinding.js'
import type { Cache } from './cache.js'
import { LastFindings, partOf } from './lastFindings.js'

const FILE = '/mesh/a.yaml'
const FOLDER = { folder: '/mesh', settings: DEFAULT_SETTINGS }
const RANGE = { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } }
const FINDING: ShownFinding = {
  finding: {
    rule: 'rule',
    level: 'warning',
    message: 'A message.',
    assumptions: ['a'],
    tag: undefined,
  },
  range: RANGE,
  related: [{ file: '/mesh/b.yaml', range: RANGE, message: 'Here.' }],
}

let texts: Map<string, string>
let writes: number
const cache: Cache = {
  get: (key) => texts.get(key),
  put: (key, text) => {
    writes++
    texts.set(key, text)
  },
  hash: (text) => `#${text}`,
  prune: () => undefined,
}
const last = new LastFindings(cache)
const save = (file: string, text: string, findings: readonly ShownFinding[]): void => {
  last.save(FOLDER, partOf(file), [{ file, text: () => text, findings }])
}

beforeEach(() => {
  texts = new Map()
  writes = 0
})

describe('LastFindings', () => {
  it('finds the findings of a file with the same text', () => {
    save(FILE, 'text', [FINDING])
    expect(last.of(FOLDER, FILE, 'text')).toEqual([FINDING])
    expect(last.of(FOLDER, FILE, 'other')).toBeUndefined()
    expect(last.of(FOLDER, '/mesh/c.yaml', 'text')).toBeUndefined()
    expect(last.of({ ...FOLDER, folder: '/other' }, FILE, 'text')).toBeUndefined()
    const settings = { ...DEFAULT_SETTINGS, rootNamespace: 'mesh' }
    expect(last.of({ ...FOLDER, settings }, FILE, 'text')).toBeUndefined()
    const shown = {
      ...DEFAULT_SETTINGS,
      inlayHints: { ...DEFAULT_SETTINGS.inlayHints, waypoint: false },
    }
    expect(last.of({ ...FOLDER, settings: shown }, FILE, 'text')).toEqual([FINDING])
  })

  it('forgets a file without findings, and keeps the other files of its part', () => {
    const others = Array.from({ length: 1_000 }, (_, index) => `/mesh/${index}.yaml`)
    const other = others.find((file) => partOf(file) === partOf(FILE)) ?? ''
    save(FILE, 'text', [FINDING])
    save(other, 'text', [FINDING])
    save(FILE, 'text', [])
    expect(last.of(FOLDER, FILE, 'text')).toBeUndefined()
    expect(last.of(FOLDER, other, 'text')).toEqual([FINDING])
  })

  it('writes only what is different', () => {
    save(FILE, 'text', [])
    expect(writes).toBe(0)
    save(FILE, 'text', [FINDING])
    save(FILE, 'text', [FINDING])
    expect(writes).toBe(1)
  })

  it.each([
    '{',
    'null',
    '[null]',
    '[["/mesh/a.yaml","#text",[null]]]',
    '[["/mesh/a.yaml","#text",[{}]]]',
    '[["/mesh/a.yaml","#text",[{"finding":{"rule":"a","level":"loud","message":"","assumptions":[]},"range":{},"related":[]}]]]',
    '[["/mesh/a.yaml","#text",[{"finding":{"rule":"a","level":"error","message":"","assumptions":[]},"range":{},"related":[]}]]]',
    '[["/mesh/a.yaml",1,[]]]',
  ])('ignores %s', (text) => {
    save(FILE, 'text', [FINDING])
    for (const key of texts.keys()) texts.set(key, text)
    expect(last.of(FOLDER, FILE, 'text')).toBeUndefined()
    save(FILE, 'text', [FINDING])
    expect(last.of(FOLDER, FILE, 'text')).toEqual([FINDING])
  })
})
