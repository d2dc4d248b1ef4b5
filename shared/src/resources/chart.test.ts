import { expect, it } from 'vitest'
import { analyse, type Files } from '../testing/index.js'
import { isBuildFile } from './buildFileNames.js'
import { minorReleaseOf, readChart } from './chart.js'

const ISTIO = 'https://istio-release.storage.googleapis.com/charts'

function release(files: Files): unknown {
  const { istioVersion, disputed } = analyse(files).mesh.settings
  return disputed.includes('istioVersion') ? 'disputed' : istioVersion
}

const depends = (...dependencies: readonly string[]): string =>
  `name: mesh\ndependencies:\n${dependencies.map((dependency) => `- {${dependency}}\n`).join('')}`

it('a chart file is read', () => {
  expect(readChart('a/Chart.yaml', 'name: a\ndependencies:\n- name: b\n')).toEqual({
    folder: 'a',
    hasDependencies: true,
  })
  expect(readChart('Chart.yaml', 'name: a\n')).toEqual({ folder: '', hasDependencies: false })
  expect(readChart('a/chart2.yaml', 'name: a\n')).toBeUndefined()
  expect(
    ['a/Chart.yaml', 'a/Chart.lock', 'Kustomization', 'a.yaml', 'yarn.lock'].map(isBuildFile),
  ).toEqual([true, true, true, false, false])
})

it.each<[string, Files, unknown]>([
  [
    'an exact version of istiod in any repository',
    {
      'Chart.yaml': depends(
        'name: istiod, version: 1.27.3, repository: oci://mirror.example/charts',
      ),
    },
    '1.27',
  ],
  [
    'istiod with an alias',
    {
      'Chart.yaml': depends(
        `name: istiod, alias: control, version: "1.26.0", repository: ${ISTIO}`,
      ),
    },
    '1.26',
  ],
  [
    'ztunnel of Istio’s repository',
    {
      'a/Chart.yaml': depends(
        'name: ztunnel, version: 1.25.1, repository: oci://gcr.io/istio-release/charts',
      ),
    },
    '1.25',
  ],
  [
    'base of a repository with the name istio',
    { 'Chart.yaml': depends('name: base, version: 1.28.0, repository: "@istio"') },
    '1.28',
  ],
  [
    'no chart base of another repository',
    {
      'Chart.yaml': depends(
        'name: base, version: 1.25.0, repository: https://charts.example/istio-addons',
      ),
    },
    '1.32',
  ],
  [
    'no other chart',
    { 'Chart.yaml': depends(`name: kiali, version: 1.25.0, repository: ${ISTIO}`) },
    '1.32',
  ],
  [
    'a range that fixes the minor release',
    { 'Chart.yaml': depends(`name: istiod, version: ~1.27.0, repository: ${ISTIO}`) },
    '1.27',
  ],
  [
    'no range that allows several',
    { 'Chart.yaml': depends(`name: istiod, version: ">=1.26.0", repository: ${ISTIO}`) },
    '1.32',
  ],
  [
    'a range that the lock resolves',
    {
      'Chart.yaml': depends(`name: istiod, version: ^1.26.0, repository: ${ISTIO}`),
      'Chart.lock': `dependencies:\n- name: istiod\n  repository: ${ISTIO}\n  version: 1.28.2\ndigest: sha256:0\n`,
    },
    '1.28',
  ],
  [
    'parts of one release',
    {
      'Chart.yaml': depends(
        `name: istiod, version: 1.27.3, repository: ${ISTIO}`,
        `name: base, version: 1.27.1, repository: ${ISTIO}`,
      ),
    },
    '1.27',
  ],
  [
    'charts with different releases',
    {
      'a/Chart.yaml': depends('name: istiod, version: 1.27.3'),
      'b/Chart.yaml': depends('name: istiod, version: 1.26.3'),
    },
    'disputed',
  ],
  [
    'the tag of an operator',
    {
      'i.yaml':
        'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: i}\nspec: {tag: 1.27.0-distroless, revision: 1-26-0}\n',
    },
    '1.27',
  ],
  [
    'the revision of an operator if it is named after the release',
    {
      'i.yaml':
        'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: i}\nspec: {revision: 1-26-4}\n',
    },
    '1.26',
  ],
  [
    'no other revision of an operator',
    {
      'i.yaml':
        'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: i}\nspec: {revision: canary}\n',
    },
    '1.32',
  ],
  [
    'the version of a sail operator',
    {
      'i.yaml':
        'apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: i}\nspec: {version: v1.26-latest}\n',
    },
    '1.26',
  ],
  [
    'a chart and an operator with different releases',
    {
      'Chart.yaml': depends('name: istiod, version: 1.27.3'),
      'i.yaml':
        'apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: i}\nspec: {version: v1.26.0}\n',
    },
    'disputed',
  ],
  [
    'no invalid chart',
    { 'Chart.yaml': 'dependencies: {name: istiod}\n', 'Chart.lock': ': [\n' },
    '1.32',
  ],
])('the release of Istio is known from %s', (_, files, expected) => {
  expect(release(files)).toBe(expected)
})

it('the release follows a chart that is edited and removed', () => {
  const analysis = analyse({ 'Chart.yaml': depends('name: istiod, version: 1.27.3') })
  const version = (): string => analysis.mesh.settings.istioVersion
  expect(version()).toBe('1.27')
  analysis.update([{ file: 'Chart.yaml', text: depends('name: istiod, version: 1.26.3') }])
  expect(version()).toBe('1.26')
  analysis.update([{ file: 'Chart.yaml', text: undefined }])
  expect(version()).toBe('1.32')
})

it.each([
  ['1.27', '1.27'],
  ['1.27.1', '1.27'],
  ['v1.27.1', '1.27'],
  ['=1.27.1', '1.27'],
  ['1.27.x', '1.27'],
  ['1.27.*', '1.27'],
  ['~1.27', '1.27'],
  ['1.27.0-rc.1', '1.27'],
  ['>=1.27.0 <1.28.0', '1.27'],
  ['>= 1.27.0, < 1.28.0-0', '1.27'],
  ['>=1.27.0 <1.29.0', undefined],
  ['^1.27.0', undefined],
  ['1.0.0', undefined],
  ['>=1.0.0 <1.1.0', undefined],
  ['1.x', undefined],
  ['1', undefined],
  ['*', undefined],
  ['', undefined],
  ['1.27.1 || 1.28.0', undefined],
])('the minor release of %s is %s', (range, expected) => {
  expect(minorReleaseOf(range)).toBe(expected)
})
