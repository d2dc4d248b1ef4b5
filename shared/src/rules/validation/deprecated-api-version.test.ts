import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  withoutArrows,
} from '../../testing/index.js'
import { deprecatedApiVersion } from './deprecated-api-version.js'
import { deprecatedApiVersionPage } from './deprecated-api-version.page.js'

const { name: rule } = deprecatedApiVersion
const docs = deprecatedApiVersionPage
const countOf = (text: string, istioVersion?: string): number =>
  findingsOf(
    analyse(text, { settings: istioVersion === undefined ? {} : { istioVersion } }),
  ).filter((finding) => finding.rule === rule).length

it('marks the version', () => {
  const { found, expected } = compareMarked(
    `kind: ServiceEntry
apiVersion: networking.istio.io/v1alpha3
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ deprecated-api-version: Use networking.istio.io/v1: v1alpha3 is deprecated.
metadata:
  name: external
spec:
  hosts: ["example.com"]
`,
    { rules: [rule] },
  )
  expect(found).toEqual(expected)
})

it.each([
  ['security.istio.io/v1beta1', 'AuthorizationPolicy', 1],
  ['security.istio.io/v1', 'AuthorizationPolicy', 0],
  ['security.istio.io/v1beta1', 'RequestAuthentication', 1],
  ['networking.istio.io/v1beta1', 'Gateway', 1],
  ['networking.istio.io/v1', 'Gateway', 0],
  ['networking.istio.io/v1beta1', 'VirtualService', 1],
  ['networking.istio.io/v1alpha3', 'WorkloadEntry', 1],
  ['gateway.networking.k8s.io/v1beta1', 'Gateway', 0],
  ['security.istio.io/v1alpha3', 'AuthorizationPolicy', 0],
])('%s %s gives %i findings', (apiVersion, kind, count) => {
  expect(
    countOf(
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: a\n  namespace: b\nspec: {}\n`,
    ),
  ).toBe(count)
})

it('reports nothing for a release without v1', () => {
  expect(countOf(docs.bad, '1.21')).toBe(0)
  expect(countOf(docs.bad, '1.22')).toBe(1)
})

it('changes only the version', () => {
  expectFixed(withoutArrows(docs.bad), { rule, title: 'Change to security.istio.io/v1' }, docs.good)
  expect(deprecatedApiVersion.level).toBe('hint')
})
