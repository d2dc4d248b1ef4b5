import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
} from '../../testing/index.js'
import { ambientAndSidecar } from './ambient-and-sidecar.js'
import { ambientAndSidecarPage } from './ambient-and-sidecar.page.js'

const { name } = ambientAndSidecar
const { bad, good } = ambientAndSidecarPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*ambient-and-sidecar: /, ''))
const pod = (labels: string): string =>
  `---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\n  labels: ${labels}\n`

it('marks the ambient label', () => {
  const { found, expected } = compareMarked(
    `${bad}    # ${' '.repeat(22)}^^^^^^^ ambient-and-sidecar: Pods of this namespace get a sidecar, for istio-injection: "enabled": the label istio.io/dataplane-mode: ambient has no effect.\n`.replace(
      /^ {4}# {23}/m,
      '    #                        ',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('both', () => {
  it('may be on a Namespace by its revision', () => {
    expect(said(bad.replace('istio-injection: enabled', 'istio.io/rev: stable'))).toEqual([
      'Pods of this namespace get a sidecar, for istio.io/rev: "stable": the label istio.io/dataplane-mode: ambient has no effect.',
    ])
  })

  it('may be on pods', () => {
    expect(
      said(pod('{sidecar.istio.io/inject: "true", istio.io/dataplane-mode: ambient}')),
    ).toEqual([
      'These pods get a sidecar, for sidecar.istio.io/inject: "true": the label istio.io/dataplane-mode: ambient has no effect.',
    ])
  })

  it('is true where some pod does not refuse its sidecar', () => {
    expect(
      said(
        bad +
          pod('{sidecar.istio.io/inject: "false"}') +
          pod('{app: web}').replace('name: web', 'name: other'),
      ).length,
    ).toBe(1)
  })
})

it.each([
  ['injection is disabled', bad.replace('istio-injection: enabled', 'istio-injection: disabled')],
  [
    'injection is disabled whatever the revision',
    bad.replace('istio-injection: enabled', 'istio-injection: disabled\n    istio.io/rev: stable'),
  ],
  [
    'the namespace is out of ambient',
    bad.replace('dataplane-mode: ambient', 'dataplane-mode: none'),
  ],
  ['every pod refuses its sidecar', bad + pod('{sidecar.istio.io/inject: "false"}')],
  [
    'a pod asks for a sidecar in an ambient namespace, which says who wins',
    good + pod('{sidecar.istio.io/inject: "true"}'),
  ],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('is fixed by removing either label', () => {
  expectFixed(bad, { rule: name, title: 'Remove istio-injection' }, good)
  expectFixed(
    bad,
    { rule: name, title: 'Remove istio.io/dataplane-mode' },
    bad.replace('    istio.io/dataplane-mode: ambient\n', ''),
  )
  expect(
    findingsOf(analyse(bad))[0]?.fixes.map(({ preferred, safe }) => [preferred, safe]),
  ).toEqual([
    [true, false],
    [false, false],
  ])
})
