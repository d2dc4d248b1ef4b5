import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
} from '../../testing/index.js'
import { rootSelectorIgnored } from './root-selector-ignored.js'
import { rootSelectorIgnoredPage } from './root-selector-ignored.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = rootSelectorIgnored
const { bad, good } = rootSelectorIgnoredPage
const rules = [name]
const ALONE = bad.slice(AMBIENT_SHOP.length)
const said = (text: string, options: AnalyseOptions = {}): string[] =>
  describeFindings(analyse(text, options))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^\S+ /, ''))

it('marks the selector', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      '  selector:\n    matchLabels:\n      app: api\n  mtls',
      '  selector:\n# ^^^^^^^^ root-selector-ignored: A PeerAuthentication with a selector is ignored in the root namespace "istio-system": its mode applies to no workload.\n    matchLabels:\n      app: api\n  mtls',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('is certain without any workload, and whatever enforces there', () => {
  expect(said(ALONE)).toEqual([expect.stringMatching(/^error /)])
  expect(
    said(bad.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled')).length,
  ).toBe(1)
})

it('knows the root namespace of the mesh', () => {
  expect(said(ALONE, { settings: { rootNamespace: 'mesh-root' } })).toEqual([])
  expect(
    said(ALONE.replace('istio-system', 'mesh-root'), { settings: { rootNamespace: 'mesh-root' } })
      .length,
  ).toBe(1)
})

it.each([
  ['there is no selector', ALONE.replace(/ {2}selector:\n {4}matchLabels:\n {6}app: api\n/, '')],
  [
    'the selector is empty',
    ALONE.replace(/selector:\n {4}matchLabels:\n {6}app: api\n/, 'selector: {}\n'),
  ],
  ['it lies in another namespace', good],
  ['its namespace is not written', ALONE.replace('  namespace: istio-system\n', '')],
  ['it is for a gateway', ALONE.replace('app: api', 'istio: ingressgateway')],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

describe('the fix', () => {
  const fixes = (text: string): unknown =>
    findingsOf(analyse(text))
      .find(({ rule }) => rule === name)
      ?.fixes.map(({ title, safe }) => [title, safe])

  it('moves it to its workloads', () => {
    expectFixed(bad, { rule: name, title: 'Move to namespace "shop"' }, good)
    expect(fixes(bad)).toEqual([['Move to namespace "shop"', true]])
    expect(fixes(bad.replace('STRICT', 'PERMISSIVE'))).toEqual([
      ['Move to namespace "shop"', false],
    ])
  })

  it('is none where nothing, or too much, has the labels, or the name is taken', () => {
    const elsewhere =
      '---\napiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: web, labels: {app: api}}\n'
    expect(fixes(ALONE)).toEqual([])
    expect(fixes(bad + elsewhere)).toEqual([])
    expect(
      fixes(
        `${bad}---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: api, namespace: shop}\n`,
      ),
    ).toEqual([])
  })
})
