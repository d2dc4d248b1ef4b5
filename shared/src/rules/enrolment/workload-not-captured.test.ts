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
  type Files,
} from '../../testing/index.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'
import { workloadNotCaptured } from './workload-not-captured.js'
import { workloadNotCapturedPage } from './workload-not-captured.page.js'

const { name } = workloadNotCaptured
const bad = withoutArrows(workloadNotCapturedPage.bad)
const { good } = workloadNotCapturedPage
const rules = [name]
const said = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*workload-not-captured: /, ''))
const POLICY = good.slice(AMBIENT_SHOP.length)
const NAMESPACE_NONE = replaceIn(good, ['dataplane-mode: ambient', 'dataplane-mode: none'])
const LABEL_NONE = '        istio.io/dataplane-mode: none\n'

it('marks the selector', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      'spec:\n  selector:\n    matchLabels:\n      app: api\n  action',
      'spec:\n  selector:\n' +
        '# ^^^^^^^^ workload-not-captured: This policy is not enforced at workload "api": it is not in ambient mode.\n' +
        '    matchLabels:\n      app: api\n  action',
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('workloads outside ambient mode', () => {
  it('are found by the label of their Namespace, also if it is missing and another Namespace has it', () => {
    expect(said(NAMESPACE_NONE).length).toBe(1)
    const unlabelled = replaceIn(good, [/ {2}labels:\n {4}istio.io\/dataplane-mode: ambient\n/, ''])
    expect(said(unlabelled)).toEqual([])
    expect(
      said(
        `${unlabelled}---\napiVersion: v1\nkind: Namespace\n` +
          'metadata: {name: web, labels: {istio.io/dataplane-mode: ambient}}\n',
      ).length,
    ).toBe(1)
  })

  it('are reported for a policy of the whole namespace', () => {
    expect(
      said(
        replaceIn(NAMESPACE_NONE, [
          / {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
          '  action',
        ]),
      ),
    ).toEqual(['This policy is not enforced at workload "api": it is not in ambient mode.'])
  })

  it('are reported for a PeerAuthentication that denies plaintext', () => {
    const peer = (spec: string): string =>
      `${NAMESPACE_NONE.slice(0, -POLICY.length)}apiVersion: security.istio.io/v1\n` +
      `kind: PeerAuthentication\nmetadata: {name: p, namespace: shop}\nspec: ${spec}\n`
    expect(said(peer('{mtls: {mode: STRICT}}')).length).toBe(1)
    expect(said(peer('{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}')).length).toBe(1)
    expect(said(peer('{mtls: {mode: PERMISSIVE}}'))).toEqual([])
  })
})

it.each([
  [
    'a sidecar enforces the policy',
    replaceIn(good, ['istio.io/dataplane-mode: ambient', 'istio-injection: enabled']),
  ],
  [
    'one workload is captured',
    `${bad}---\napiVersion: v1\nkind: Pod\nmetadata: {name: other, namespace: shop, labels: {app: api}}\n`,
  ],
  [
    'machines may join with the labels',
    `${bad}---\napiVersion: networking.istio.io/v1\nkind: WorkloadGroup\nmetadata: {name: vms, namespace: shop}\n`,
  ],
  ['there is no workload', replaceIn(NAMESPACE_NONE, [/apiVersion: apps\/v1[^]*?---\n/, ''])],
  ['the enrolment is unknown', replaceIn(good, [/^[^]*?---\n/, ''])],
  [
    'the policy is for a gateway',
    `${NAMESPACE_NONE.slice(0, -POLICY.length)}${replaceIn(POLICY, ['app: api', 'istio: ingressgateway'])}---\n` +
      'apiVersion: v1\nkind: Pod\n' +
      'metadata: {name: gw, namespace: shop, labels: {istio: ingressgateway}}\n',
  ],
  [
    'the pods are a gateway',
    replaceIn(NAMESPACE_NONE, [
      '        app: api\n',
      '        app: api\n        gateway.networking.k8s.io/gateway-name: gw\n',
    ]),
  ],
  [
    'the pods have a manually deployed proxy',
    replaceIn(NAMESPACE_NONE, [
      '- name: api\n          image',
      '- name: istio-proxy\n          image',
    ]),
  ],
  [
    'a machine outside the cluster has the labels',
    replaceIn(NAMESPACE_NONE, [
      /apiVersion: apps\/v1[^]*?---\n/,
      'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\n' +
        'metadata: {name: vm, namespace: shop}\n' +
        'spec: {address: 10.0.0.1, labels: {app: api}}\n---\n',
    ]),
  ],
  [
    'the pods are on the host network',
    replaceIn(good, [
      '    spec:\n      containers',
      '    spec:\n      hostNetwork: true\n      containers',
    ]),
  ],
  [
    'the policy is a dry run',
    replaceIn(bad, [
      'name: api-callers\n',
      'name: api-callers\n  annotations: {istio.io/dry-run: "true"}\n',
    ]),
  ],
  [
    'the policy applies to the whole mesh',
    replaceIn(
      NAMESPACE_NONE,
      ['name: api-callers\n  namespace: shop', 'name: api-callers\n  namespace: istio-system'],
      [/ {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/, '  action'],
    ),
  ],
  [
    'other files may have selected pods in ambient mode',
    `${bad}---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r, namespace: shop}\n`,
  ],
])('reports nothing where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

describe('a policy with targetRefs', () => {
  const NOT_CAPTURED = replaceIn(SHOP_BEHIND_WAYPOINT, [
    '      labels:\n        app: api\n',
    `      labels:\n        app: api\n${LABEL_NONE}`,
  ])
  const TARGETED = `${NOT_CAPTURED}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: read
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  rules:
    - to: [{operation: {methods: [GET]}}]
`

  it('marks the targetRef', () => {
    const { found } = compareMarked(TARGETED, { rules })
    expect(
      found.some((line) =>
        line.includes(
          'Clients can bypass this policy and its waypoint: workload "api" behind "api" is not in ambient mode.',
        ),
      ),
    ).toBe(true)
  })

  it('reports nothing where the Service has no waypoint or its pods are captured', () => {
    const about = (text: string): string[] =>
      said(text).filter((message) => message.includes('behind'))
    expect(about(replaceIn(TARGETED, ['    istio.io/use-waypoint: waypoint\n', '']))).toEqual([])
    expect(about(replaceIn(TARGETED, [LABEL_NONE, '']))).toEqual([])
    expect(about(replaceIn(TARGETED, ['action: ALLOW', 'action: AUDIT'])).length).toBe(1)
    expect(
      about(
        replaceIn(TARGETED, [
          'name: read\n',
          'name: read\n  annotations: {istio.io/dry-run: "true"}\n',
        ]),
      ),
    ).toEqual([])
  })
})

describe('the fix', () => {
  it('changes the label that excludes the pods', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Add the workload to ambient mode' },
      replaceIn(bad, ['dataplane-mode: none', 'dataplane-mode: ambient']),
    )
    expectFixed(NAMESPACE_NONE, { rule: name, title: 'Add namespace "shop" to ambient mode' }, good)
  })

  it('is never safe', () => {
    expect(findingsOf(analyse(bad))[0]?.fixes.map(({ safe }) => safe)).toEqual([false])
  })
})

it('has a message of at most 140 characters for long names', () => {
  for (const { message } of findingsOf(
    analyse(replaceAllIn(bad, ['name: api\n', `name: ${'x'.repeat(63)}\n`])),
  ))
    expect(message.length).toBeLessThanOrEqual(140)
})

describe('a policy that denies nothing', () => {
  const spec = POLICY.slice(POLICY.indexOf('  action:'))
  it.each([
    ['an ALLOW without conditions', '  action: ALLOW\n  rules:\n    - {}\n'],
    ['an ALLOW with an empty list', '  rules:\n    - from: []\n'],
    ['a DENY without rules', '  action: DENY\n'],
  ])('is not reported: %s', (_, other) => {
    expect(said(replaceIn(bad, [spec, other]))).toEqual([])
  })

  it('is reported where it denies everything', () => {
    expect(said(replaceIn(bad, [spec, '  action: ALLOW\n']))).toHaveLength(1)
    expect(said(replaceIn(bad, [spec, '  action: DENY\n  rules:\n    - {}\n']))).toHaveLength(1)
  })
})
