import { describe, expect, it } from 'vitest'
import { analyse, findingsOf } from '../testing/index.js'
import { RULE_CATALOGUE } from './catalogue.js'
import { docsOf } from './docsOf.js'
import { RULE_PAGES } from './pages.js'
import { ALL_RULES } from './registry.js'

const names = ALL_RULES.map(({ name }) => name)

describe('the registry', () => {
  it('is sorted and names every rule once', () => {
    expect(names).toEqual([...new Set(names)].sort())
  })

  it('has a page for every rule and for nothing else', () => {
    expect(Object.keys(RULE_PAGES)).toEqual(RULE_CATALOGUE.map(({ name }) => name))
  })
})

describe.each(ALL_RULES.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  it('has a complete page', () => {
    const docs = docsOf(rule)
    expect(docs.summary).toMatch(/^([A-Z`]|ztunnel |istiod ).*\.$/)
    for (const text of [docs.why, docs.bad, docs.good, docs.fix])
      expect(text.length).toBeGreaterThan(20)
    expect(docs.references.length).toBeGreaterThan(0)
    expect(
      [docs.summary, docs.why, docs.fix, ...docs.references].filter((text) =>
        /semantics\.md|knowledge\.md/.test(text),
      ),
    ).toEqual([])
  })

  it('fires on its bad example, alone, and no rule fires on the good one', () => {
    const bad = findingsOf(analyse(docsOf(rule).bad))
    expect(bad.length).toBeGreaterThan(0)
    const expected = [name, ...(docsOf(rule).alsoFires ?? [])]
    expect(
      bad
        .filter((finding) => !expected.includes(finding.rule))
        .map((finding) => `${finding.rule}: ${finding.message}`),
    ).toEqual([])
    expect(
      findingsOf(analyse(docsOf(rule).good)).map(
        (finding) => `${finding.rule}: ${finding.message}`,
      ),
    ).toEqual([])
  })

  it('has messages of at most 140 characters that end with a full stop or question mark', () => {
    for (const { message } of findingsOf(analyse(docsOf(rule).bad))) {
      expect(message.length).toBeLessThanOrEqual(140)
      expect(message).toMatch(/^\S.*[.?]$/)
    }
  })
})
