import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { ambientAndSidecar } from './ambient-and-sidecar.js'
import { ambientAndSidecarPage } from './ambient-and-sidecar.page.js'

const { name } = ambientAndSidecar
const bad = withoutArrows(ambientAndSidecarPage.bad)
const { good } = ambientAndSidecarPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*ambient-and-sidecar: /, ''))
const pod = (labels: string): string =>
  `---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\n  labels: ${labels}\n`

it('marks the ambient label', () => {
  const { found, expected } = compareMarked(
    `${bad}    # ${' '.repeat(22)}^^^^^^^ ambient-and-sidecar: The label istio.io/dataplane-mode: ambient has no effect: pods of this namespace get a sidecar (istio-injection: "enabled").\n`.replace(
      /^ {4}# {23}/m,
      '    #                        ',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('the labels for both modes', () => {
  it('are found on a Namespace with a revision label', () => {
    expect(said(replaceIn(bad, ['istio-injection: enabled', 'istio.io/rev: stable']))).toEqual([
      'The label istio.io/dataplane-mode: ambient has no effect: pods of this ' +
        'namespace get a sidecar (istio.io/rev: "stable").',
    ])
  })

  it('are found on pods', () => {
    expect(
      said(pod('{sidecar.istio.io/inject: "true", istio.io/dataplane-mode: ambient}')),
    ).toEqual([
      'The label istio.io/dataplane-mode: ambient has no effect: these pods get a ' +
        'sidecar (sidecar.istio.io/inject: "true").',
    ])
  })

  it('are found where one pod does not opt out of injection', () => {
    expect(
      said(
        bad +
          pod('{sidecar.istio.io/inject: "false"}') +
          replaceIn(pod('{app: web}'), ['name: web', 'name: other']),
      ).length,
    ).toBe(1)
  })
})

it.each([
  [
    'injection is disabled',
    replaceIn(bad, ['istio-injection: enabled', 'istio-injection: disabled']),
  ],
  [
    'injection is disabled for a namespace with a revision label',
    replaceIn(bad, [
      'istio-injection: enabled',
      'istio-injection: disabled\n    istio.io/rev: stable',
    ]),
  ],
  [
    'the namespace is not in ambient mode',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
  ],
  ['every pod refuses its sidecar', bad + pod('{sidecar.istio.io/inject: "false"}')],
  [
    'a pod opts in to a sidecar in an ambient namespace',
    good + pod('{sidecar.istio.io/inject: "true"}'),
  ],
])('reports nothing where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('offers to remove either label', () => {
  expectFixed(
    bad,
    {
      rule: name,
      title:
        'Remove istio-injection: ztunnel then enforces the policies, and no HTTP rule without a waypoint',
    },
    good,
  )
  expectFixed(
    bad,
    {
      rule: name,
      title: 'Remove istio.io/dataplane-mode: pods without a sidecar are then outside the mesh',
    },
    replaceIn(bad, ['    istio.io/dataplane-mode: ambient\n', '']),
  )
  expect(
    findingsOf(analyse(bad))[0]?.fixes.map(({ preferred, safe }) => [preferred, safe]),
  ).toEqual([
    [false, false],
    [false, false],
  ])
})
