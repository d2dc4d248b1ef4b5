import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
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
const said = (text: string): string[] =>
  describeFindings(analyse(text)).map((line) => line.replace(/^\S+ /, ''))
const above = (comment: string): string =>
  NOTHING.replace('      app: apis', `      # ambient-policy-ignore ${comment}\n      app: apis`)

it('fires on its bad example, alone, and not on the good one', () => {
  expect(findingsOf(analyse(bad)).map(({ rule, level }) => [rule, level])).toEqual([
    [name, 'warning'],
  ])
  expect(said(good)).toEqual([])
})

it('marks the comment', () => {
  const { found, expected } = compareMarked(`a: 1
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop # ambient-policy-ignore waypoint-unused -- not yet
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unused-suppression: "waypoint-unused" finds nothing here: this comment suppresses only what may come.
`)
  expect(found).toEqual(expected)
})

describe('a comment that suppresses something', () => {
  it.each([
    ['on the next line', above('selector-matches-nothing')],
    [
      'on its own line',
      NOTHING.replace('app: apis', 'app: apis # ambient-policy-ignore selector-matches-nothing'),
    ],
    [
      'in its document',
      NOTHING.replace(
        '---\napiVersion: security',
        '---\n# ambient-policy-ignore selector-matches-nothing -- later\napiVersion: security',
      ),
    ],
  ])('%s', (_, text) => {
    expect(said(text)).toEqual([])
  })
})

describe('is said', () => {
  it('of each rule that a comment names in vain', () => {
    expect(said(above('selector-matches-nothing, empty-selector, l7-allow-rule-droped'))).toEqual([
      'warning unused-suppression: "empty-selector" finds nothing here: this comment suppresses only what may come.',
      'warning unused-suppression: There is no rule "l7-allow-rule-droped": this comment suppresses nothing.',
    ])
  })

  it('of a comment for another line', () => {
    expect(
      said(
        NOTHING.replace(
          '  action: DENY',
          '  # ambient-policy-ignore selector-matches-nothing\n  action: DENY',
        ),
      ).map((line) => line.split(':')[0]),
    ).toEqual(['warning selector-matches-nothing', 'warning unused-suppression'])
  })

  it('not where it is suppressed itself', () => {
    expect(said(bad.replace('matches-nothing', 'matches-nothing, unused-suppression'))).toEqual([])
  })

  it('not of rules that a setting turns off, and at the level that it gives', () => {
    const levelled = (levels: ConstructorParameters<typeof Analysis>[0]['levels']): unknown => {
      const analysis = new Analysis({ settings: {}, world: 'open', levels, readText: () => bad })
      analysis.update([{ file: 'a.yaml', text: bad }])
      return analysis.findingsOf('a.yaml').map(({ level }) => level)
    }
    expect(levelled({ 'selector-matches-nothing': 'off' })).toEqual([])
    expect(levelled({ [name]: 'off' })).toEqual([])
    expect(levelled({ [name]: 'hint' })).toEqual(['hint'])
  })

  it('not in a document that cannot be read whole', () => {
    expect(said(`${bad}EOF\n`).filter((line) => line.includes(name))).toEqual([])
    expect(
      said(
        '# ambient-policy-ignore empty-selector\napiVersion: v1\nkind: Namespace\nmetadata: {name: a\n',
      ).filter((line) => line.includes(name)),
    ).toEqual([])
    expect(
      said(
        '# ambient-policy-ignore empty-selector\napiVersion: v1\nkind: Namespace\nmetadata: {name: "${NAME}"}\n',
      ),
    ).toEqual([])
  })
})

describe('the fix', () => {
  const fixes = (text: string): unknown =>
    findingsOf(analyse(text))
      .filter(({ rule }) => rule === name)
      .map(({ fixes: offered }) => offered.map(({ title, safe }) => [title, safe]))

  it('removes the line of the comment', () => {
    expectFixed(bad, { rule: name, title: 'Remove the comment' }, good)
    const inside = good.replace(
      '  name: shop',
      '  # ambient-policy-ignore empty-selector\n  name: shop',
    )
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
  ])('cuts a comment behind %s', (_, text, commented) => {
    expectFixed(
      good.replace(text, commented),
      { rule: name, title: 'Remove the comment' },
      good.replace(text, commented.replace(/ +# ambient.*$/, '')),
    )
    expectFixed(
      good.replace(text, commented).replaceAll('\n', '\r\n'),
      { rule: name, title: 'Remove the comment' },
      good.replace(text, commented.replace(/ +# ambient.*$/, '')).replaceAll('\n', '\r\n'),
    )
  })

  it('is none where the comment names more', () => {
    expect(fixes(above('selector-matches-nothing, empty-selector'))).toEqual([[]])
  })
})

describe('an annotation for another analyser', () => {
  const annotated = (annotation: string): string =>
    NOTHING.replace(
      '  name: deny-outsiders\n',
      `  name: deny-outsiders\n  annotations:\n    ${annotation}\n`,
    )

  it.each([
    'galley.istio.io/analyze-suppress: IST0127',
    'galley.istio.io/analyze-suppress: IST0101, IST0127',
    'galley.istio.io/analyze-suppress: "*"',
    'kiali.io/ignore-validations: KIA0004',
    'kiali.io/ignore-validations: ""',
  ])('silences the same here: %s', (annotation) => {
    expect(said(annotated(annotation))).toEqual([])
  })

  it.each([
    'galley.istio.io/analyze-suppress: IST0101',
    'galley.istio.io/analyze-suppress: ""',
    'kiali.io/ignore-validations: "*"',
    'kiali.io/ignore-validations: KIA0106',
  ])('does not silence anything else: %s', (annotation) => {
    expect(said(annotated(annotation)).length).toBe(1)
  })

  it('names rules that there are', () => {
    const names = new Set(RULE_CATALOGUE.map((rule) => rule.name))
    expect(
      FOREIGN_ANALYSERS.flatMap(({ rules }) => Object.values(rules).flat()).filter(
        (rule) => !names.has(rule),
      ),
    ).toEqual([])
  })
})
