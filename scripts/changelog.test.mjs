import { describe, expect, it } from 'vitest'
import { datedChangelog, releaseNotes } from './release/changelog.mjs'

describe('the changelog', () => {
  const CHANGELOG =
    '# Changelog\n\n## Unreleased\n\n### Added\n\n- a\n\n## 0.1.0 (2026-01-01)\n\n- b\n'

  it('a release dates the unreleased part', () => {
    const dated = datedChangelog(CHANGELOG, { version: '0.2.0', date: '2026-02-03' })
    expect(dated).toContain('## Unreleased\n\n## 0.2.0 (2026-02-03)\n\n### Added\n\n- a\n')
    expect(releaseNotes(dated, '0.2.0')).toBe('### Added\n\n- a')
    expect(releaseNotes(dated, '0.1.0')).toBe('- b')
    expect(releaseNotes(CHANGELOG, '0.2.0')).toBe('### Added\n\n- a')
  })

  it('a changelog without an unreleased part is an error', () => {
    expect(() => datedChangelog('# Changelog\n', { version: '1.0.0', date: '' })).toThrow(
      'no heading',
    )
  })
})
