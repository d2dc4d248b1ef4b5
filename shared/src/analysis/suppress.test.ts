import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceAllIn,
  replaceIn,
  withoutArrows,
} from '../testing/index.js'
import { Analysis } from './analysis.js'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { unusedSuppression } from '../rules/yaml/unused-suppression.js'
import { unusedSuppressionPage } from '../rules/yaml/unused-suppression.page.js'
import { FOREIGN_ANALYSERS } from '../rules/yaml/foreignSuppressions.js'
import { selectorMatchesNothingPage } from '../rules/attachment/selector-matches-nothing.page.js'

const { name } = unusedSuppression
const { bad, good } = unusedSuppressionPage
const NOTHING = withoutArrows(selectorMatchesNothingPage.bad)
const messages = (text: string): string[] =>
  describeFindings(analyse(text)).map((line) => line.replace(/^\S+ /, ''))
const above = (comment: string): string =>
  replaceIn(NOTHING, [
    '      app: apis',
    `      # ambient-policy-ignore ${comment}\n      app: apis`,
  ])

it('the bad example of unused-suppression has this finding, and the good one has none', () => {
  expect(findingsOf(analyse(bad)).map(({ rule, level }) => [rule, level])).toEqual([
    [name, 'warning'],
  ])
  expect(messages(good)).toEqual([])
})

it('the finding is located on the ignore comment', () => {
  const { found, expected } = compareMarked(`a: 1
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop # ambient-policy-ignore waypoint-unused -- not yet
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unused-suppression: This ignore comment is not needed: "waypoint-unused" finds nothing here.
`)
  expect(found).toEqual(expected)
})

describe('an ignore comment that is needed', () => {
  it.each([
    ['on the next line', above('selector-matches-nothing')],
    [
      'on its own line',
      replaceIn(NOTHING, [
        'app: apis',
        'app: apis # ambient-policy-ignore selector-matches-nothing',
      ]),
    ],
    [
      'in its document',
      replaceIn(NOTHING, [
        '---\napiVersion: security',
        '---\n# ambient-policy-ignore selector-matches-nothing -- later\napiVersion: security',
      ]),
    ],
  ])('is not reported: %s', (_, text) => {
    expect(messages(text)).toEqual([])
  })
})

describe('an ignore comment without its reason', () => {
  it.each(['reason', '<reason>', ''])('has no effect, and says so: "-- %s"', (reason) => {
    const text = above(`selector-matches-nothing -- ${reason}`)
    expect(messages(text).map((line) => line.replace(/(matches-nothing:).*/, '$1'))).toEqual([
      'warning unused-suppression: This ignore comment has no effect: write the reason after "--".',
      'warning selector-matches-nothing:',
    ])
    expect(messages(replaceIn(text, [/-- .*/, '-- the reason is known']))).toEqual([])
  })

  it('is reported once, however many rules it names', () => {
    expect(messages(above('empty-selector, empty-selector -- reason')).slice(0, 1)).toEqual([
      'warning unused-suppression: This ignore comment has no effect: write the reason after "--".',
    ])
  })
})

describe('unused-suppression', () => {
  it('is reported for each rule in a comment that finds nothing', () => {
    expect(
      messages(above('selector-matches-nothing, empty-selector, l7-allow-rule-droped')),
    ).toEqual([
      'warning unused-suppression: This ignore comment has no effect: there is no rule "l7-allow-rule-droped".',
      'warning unused-suppression: This ignore comment is not needed: "empty-selector" finds nothing here.',
    ])
  })

  it('is reported for a comment on another line than the finding', () => {
    expect(
      messages(
        replaceIn(NOTHING, [
          '  action: DENY',
          '  # ambient-policy-ignore selector-matches-nothing\n  action: DENY',
        ]),
      ).map((line) => line.split(':')[0]),
    ).toEqual(['warning selector-matches-nothing', 'warning unused-suppression'])
  })

  it('can be suppressed itself', () => {
    expect(
      messages(replaceIn(bad, ['matches-nothing', 'matches-nothing, unused-suppression'])),
    ).toEqual([])
  })

  it('is not reported for rules that are off, and has the level of the settings', () => {
    const levelled = (levels: ConstructorParameters<typeof Analysis>[0]['levels']): unknown => {
      const analysis = new Analysis({ settings: {}, world: 'open', levels, readText: () => bad })
      analysis.update([{ file: 'a.yaml', text: bad }])
      return analysis.findingsOf('a.yaml').map(({ level }) => level)
    }
    expect(levelled({ 'selector-matches-nothing': 'off' })).toEqual([])
    expect(levelled({ [name]: 'off' })).toEqual([])
    expect(levelled({ [name]: 'hint' })).toEqual(['hint'])
  })

  it('is not reported in a document that is invalid or a template', () => {
    expect(messages(`${bad}EOF\n`).filter((line) => line.includes(name))).toEqual([])
    expect(
      messages(
        '# ambient-policy-ignore empty-selector\napiVersion: v1\nkind: Namespace\nmetadata: {name: a\n',
      ).filter((line) => line.includes(name)),
    ).toEqual([])
    expect(
      messages(
        '# ambient-policy-ignore empty-selector\napiVersion: v1\nkind: Namespace\nmetadata: {name: "${NAME}"}\n',
      ),
    ).toEqual([])
  })
})

describe('the fix of unused-suppression', () => {
  const fixes = (text: string): unknown =>
    findingsOf(analyse(text))
      .filter(({ rule }) => rule === name)
      .map(({ fixes: offered }) => offered.map(({ title, safe }) => [title, safe]))

  it('removes the line of the comment', () => {
    expectFixed(bad, { rule: name, title: 'Remove the comment' }, good)
    const inside = replaceIn(good, [
      '  name: shop',
      '  # ambient-policy-ignore empty-selector\n  name: shop',
    ])
    expectFixed(inside, { rule: name, title: 'Remove the comment' }, good)
    expect(fixes(bad)).toEqual([[['Remove the comment', false]]])
  })

  it.each([
    ['a value', 'name: shop', 'name: shop # ambient-policy-ignore empty-selector -- not yet'],
    [
      'the first value',
      'apiVersion: v1',
      'apiVersion: v1   # ambient-policy-ignore empty-selector',
    ],
    ['a key', 'metadata:', 'metadata: # ambient-policy-ignore empty-selector'],
    [
      'a quoted hash',
      'name: shop',
      'name: shop\n  annotations: {a: "x # y"} # ambient-policy-ignore empty-selector',
    ],
  ])('removes only the comment after %s', (_, text, commented) => {
    expectFixed(
      replaceIn(good, [text, commented]),
      { rule: name, title: 'Remove the comment' },
      replaceIn(good, [text, replaceIn(commented, [/ +# ambient.*$/, ''])]),
    )
    expectFixed(
      replaceAllIn(replaceIn(good, [text, commented]), ['\n', '\r\n']),
      { rule: name, title: 'Remove the comment' },
      replaceAllIn(replaceIn(good, [text, replaceIn(commented, [/ +# ambient.*$/, ''])]), [
        '\n',
        '\r\n',
      ]),
    )
  })

  it('is not offered if the comment names several rules', () => {
    expect(fixes(above('selector-matches-nothing, empty-selector'))).toEqual([[]])
  })
})

describe('an annotation that suppresses a finding of another tool', () => {
  const annotated = (annotation: string): string =>
    replaceIn(NOTHING, [
      '  name: deny-outsiders\n',
      `  name: deny-outsiders\n  annotations:\n    ${annotation}\n`,
    ])

  it.each([
    'galley.istio.io/analyze-suppress: IST0127',
    'galley.istio.io/analyze-suppress: IST0101, IST0127',
    'galley.istio.io/analyze-suppress: "*"',
    'kiali.io/ignore-validations: KIA0004',
    'kiali.io/ignore-validations: ""',
  ])('suppresses the same finding here: %s', (annotation) => {
    expect(messages(annotated(annotation))).toEqual([])
  })

  it.each([
    'galley.istio.io/analyze-suppress: IST0101',
    'galley.istio.io/analyze-suppress: ""',
    'kiali.io/ignore-validations: "*"',
    'kiali.io/ignore-validations: KIA0106',
  ])('does not suppress other findings: %s', (annotation) => {
    expect(messages(annotated(annotation)).length).toBe(1)
  })

  it('maps only to rules that exist', () => {
    const names = new Set(RULE_CATALOGUE.map((rule) => rule.name))
    expect(
      FOREIGN_ANALYSERS.flatMap(({ rules }) => Object.values(rules).flat()).filter(
        (rule) => !names.has(rule),
      ),
    ).toEqual([])
  })
})
