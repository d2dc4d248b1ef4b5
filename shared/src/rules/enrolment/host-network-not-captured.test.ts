import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, describeFindings, findingsOf } from '../../testing/index.js'
import { hostNetworkNotCaptured } from './host-network-not-captured.js'
import { hostNetworkNotCapturedPage } from './host-network-not-captured.page.js'
import { MESH_STRICT } from '../support/examples.js'

const { name } = hostNetworkNotCaptured
const { bad, good } = hostNetworkNotCapturedPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*host-network-not-captured: /, ''))
const WITHOUT_POLICY = bad.slice(0, bad.indexOf('---\napiVersion: security'))
const strict = (namespace: string): string =>
  `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: strict, namespace: ${namespace}}\nspec: {mtls: {mode: STRICT}}\n`

it('marks the field', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      'hostNetwork: true\n',
      'hostNetwork: true\n      #            ^^^^ host-network-not-captured: "api" is on the host network and never captured: policy "api-callers" is not enforced there.\n',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('a policy of the namespace', () => {
  it('may be a PeerAuthentication, and is counted', () => {
    expect(said(WITHOUT_POLICY + strict('shop'))).toEqual([
      '"api" is on the host network and never captured: policy "strict" is not enforced there.',
    ])
    expect(said(bad + strict('shop'))).toEqual([
      '"api" is on the host network and never captured: 2 policies of its namespace are not enforced there.',
    ])
  })

  it('is none of the root, for another workload or for a waypoint', () => {
    expect(said(MESH_STRICT + WITHOUT_POLICY)).toEqual([])
    expect(
      said(
        bad.replace(
          'name: api-callers\n  namespace: shop',
          'name: api-callers\n  namespace: istio-system',
        ),
      ),
    ).toEqual([])
    expect(said(bad.replace(/app: api\n {2}action/, 'app: web\n  action'))).toEqual([])
    expect(
      said(
        bad.replace(
          /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
          'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
        ),
      ),
    ).toEqual([])
  })
})

it.each([
  ['the pods have a network of their own', good],
  ['the namespace is not ambient', bad.replace('dataplane-mode: ambient', 'dataplane-mode: none')],
  [
    'the policy is a dry run',
    bad.replace(
      'name: api-callers\n',
      'name: api-callers\n  annotations: {istio.io/dry-run: "true"}\n',
    ),
  ],
  [
    'the pods are those of a gateway',
    bad.replace('        app: api\n', '        app: api\n        istio: ingressgateway\n'),
  ],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('says what it assumes of a namespace that no file describes', () => {
  expect(findingsOf(analyse(bad.slice(bad.indexOf('apiVersion: apps'))))).toMatchObject([
    { level: 'warning', assumptions: ['namespace "shop" is ambient'] },
  ])
})
