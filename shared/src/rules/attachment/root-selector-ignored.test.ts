import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
  type AnalyseOptions,
} from '../../testing/index.js'
import { rootSelectorIgnored } from './root-selector-ignored.js'
import { rootSelectorIgnoredPage } from './root-selector-ignored.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = rootSelectorIgnored
const { good } = rootSelectorIgnoredPage
const bad = withoutArrows(rootSelectorIgnoredPage.bad)
const rules = [name]
const ALONE = bad.slice(AMBIENT_SHOP.length)
const messages = (text: string, options: AnalyseOptions = {}): string[] =>
  describeFindings(analyse(text, options))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^\S+ /, ''))

it('marks a selector in the root namespace', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '  selector:\n    matchLabels:\n      app: api\n  mtls',
      `  selector:
# ^^^^^^^^ root-selector-ignored: This mode applies to no workload: a PeerAuthentication with a selector is ignored in the root namespace "istio-system".
    matchLabels:
      app: api
  mtls`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('is an error without any workload, and for workloads with sidecars', () => {
  expect(messages(ALONE)).toEqual([expect.stringMatching(/^error /)])
  expect(
    messages(replaceIn(bad, ['istio.io/dataplane-mode: ambient', 'istio-injection: enabled']))
      .length,
  ).toBe(1)
})

it('uses the root namespace of the mesh', () => {
  expect(messages(ALONE, { settings: { rootNamespace: 'mesh-root' } })).toEqual([])
  expect(
    messages(replaceIn(ALONE, ['istio-system', 'mesh-root']), {
      settings: { rootNamespace: 'mesh-root' },
    }).length,
  ).toBe(1)
})

it.each([
  [
    'there is no selector',
    replaceIn(ALONE, [/ {2}selector:\n {4}matchLabels:\n {6}app: api\n/, '']),
  ],
  [
    'the selector is empty',
    replaceIn(ALONE, [/selector:\n {4}matchLabels:\n {6}app: api\n/, 'selector: {}\n']),
  ],
  ['it is in another namespace', good],
  ['it has no namespace', replaceIn(ALONE, ['  namespace: istio-system\n', ''])],
  ['it is for a gateway', replaceIn(ALONE, ['app: api', 'istio: ingressgateway'])],
])('reports nothing if %s', (_, text) => {
  expect(messages(text)).toEqual([])
})

describe('the fix', () => {
  const fixes = (text: string): unknown =>
    findingsOf(analyse(text))
      .find(({ rule }) => rule === name)
      ?.fixes.map(({ title, safe }) => [title, safe])

  it('offers a fix that moves it to the namespace of its workloads', () => {
    expectFixed(bad, { rule: name, title: 'Move to namespace "shop"' }, good)
    expect(fixes(bad)).toEqual([['Move to namespace "shop"', true]])
    expect(fixes(replaceIn(bad, ['STRICT', 'PERMISSIVE']))).toEqual([
      ['Move to namespace "shop": its modes then apply and may accept plaintext', false],
    ])
  })

  it('offers no fix if no or several namespaces have the workloads, or the name is in use', () => {
    const elsewhere =
      '---\napiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: web, labels: {app: api}}\n'
    expect(fixes(ALONE)).toEqual([])
    expect(fixes(bad + elsewhere)).toEqual([])
    expect(
      fixes(
        `${bad}---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: api, namespace: shop}
`,
      ),
    ).toEqual([])
  })
})
