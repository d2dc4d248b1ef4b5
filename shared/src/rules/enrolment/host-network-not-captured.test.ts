import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { hostNetworkNotCaptured } from './host-network-not-captured.js'
import { hostNetworkNotCapturedPage } from './host-network-not-captured.page.js'
import { MESH_STRICT } from '../support/examples.js'

const { name } = hostNetworkNotCaptured
const bad = withoutArrows(hostNetworkNotCapturedPage.bad)
const { good } = hostNetworkNotCapturedPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*host-network-not-captured: /, ''))
const WITHOUT_POLICY = bad.slice(0, bad.indexOf('---\napiVersion: security'))
const strict = (namespace: string): string =>
  '---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n' +
  `metadata: {name: strict, namespace: ${namespace}}\n` +
  'spec: {mtls: {mode: STRICT}}\n'

it('marks the field hostNetwork', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      'hostNetwork: true\n',
      'hostNetwork: true\n' +
        '      #            ^^^^ host-network-not-captured: Policy "api-callers" is not enforced at "api": pods on the host network are never captured.\n',
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('the policies', () => {
  it('are counted with PeerAuthentications', () => {
    expect(said(WITHOUT_POLICY + strict('shop'))).toEqual([
      'Policy "strict" is not enforced at "api": pods on the host network are never captured.',
    ])
    expect(said(bad + strict('shop'))).toEqual([
      '2 policies of this namespace are not enforced at "api": pods on the host network are never captured.',
    ])
  })

  it('do not include those of the root namespace, of other workloads or of waypoints', () => {
    expect(said(MESH_STRICT + WITHOUT_POLICY)).toEqual([])
    expect(
      said(
        replaceIn(bad, [
          'name: api-callers\n  namespace: shop',
          'name: api-callers\n  namespace: istio-system',
        ]),
      ),
    ).toEqual([])
    expect(said(replaceIn(bad, [/app: api\n {2}action/, 'app: web\n  action']))).toEqual([])
    expect(
      said(
        replaceIn(bad, [
          /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
          'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
        ]),
      ),
    ).toEqual([])
  })
})

it.each([
  ['the pods have a network of their own', good],
  [
    'the namespace is not ambient',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
  ],
  [
    'the policy is a dry run',
    replaceIn(bad, [
      'name: api-callers\n',
      'name: api-callers\n  annotations: {istio.io/dry-run: "true"}\n',
    ]),
  ],
  [
    'the pods are a gateway',
    replaceIn(bad, ['        app: api\n', '        app: api\n        istio: ingressgateway\n']),
  ],
])('reports nothing where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('lists an assumption for a namespace outside the files', () => {
  expect(findingsOf(analyse(bad.slice(bad.indexOf('apiVersion: apps'))))).toMatchObject([
    { level: 'warning', assumptions: ['namespace "shop" is ambient'] },
  ])
})
