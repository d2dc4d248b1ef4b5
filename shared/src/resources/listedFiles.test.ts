import { describe, expect, it } from 'vitest'
import { deliveryNotices, unlistedNotices } from '../analysis/notices.js'
import { analyse, describeFindings, replaceIn, type Files } from '../testing/index.js'

const APP = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {containers: [{name: main}]}
`
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules: [{to: [{operation: {methods: [GET]}}]}]
`
const levelsOf = (files: Files): string[] =>
  describeFindings(analyse(files)).map((line) => line.split(' ').slice(0, 3).join(' '))
const assumptionsOf = (files: Files): string[] => {
  const analysis = analyse(files)
  return [...analysis.files.keys()].flatMap((file) =>
    analysis.findingsOf(file).flatMap(({ assumptions }) => assumptions),
  )
}

describe('a file that no kustomization lists', () => {
  const beside = {
    'kustomization.yaml': 'resources:\n- app.yaml\n# - off.yaml\n',
    'app.yaml': APP,
    'off.yaml': POLICY,
  }
  it('has warnings at most, with the assumption', () => {
    expect(levelsOf(beside)).toEqual(['off.yaml:6:30-7 warning l7-allow-rule-dropped:'])
    expect(assumptionsOf(beside)).toEqual([
      '"off.yaml" is applied, although no kustomization lists it',
    ])
  })

  it('may be beside files that a kustomization of another folder lists', () => {
    const files = {
      'kustomization.yaml': 'resources: [shop/app.yaml]\n',
      'shop/app.yaml': APP,
      'shop/off.yaml': POLICY,
    }
    expect(levelsOf(files)).toEqual(['shop/off.yaml:6:30-7 warning l7-allow-rule-dropped:'])
  })

  it('has an invalid object as a warning, and invalid YAML too', () => {
    const files = {
      ...beside,
      'off.yaml': replaceIn(POLICY, ['rules:', 'rulez:']),
      'bad.yaml': replaceIn(POLICY, ['}]}]', '}']),
    }
    expect(levelsOf(files).every((line) => line.includes(' warning '))).toBe(true)
  })

  it('is not one with Helm values, which no kustomization can list', () => {
    const values = 'profile: ambient\nmeshConfig:\n  outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n'
    const files = {
      'kustomization.yaml':
        'resources: [app.yaml]\nconfigMapGenerator: [{name: v, files: [values.yaml]}]\n',
      'app.yaml': APP,
      'values.yaml': values,
    }
    expect(levelsOf(files)).toEqual(['values.yaml:3:33-13 warning outbound-policy-not-enforced:'])
    expect(assumptionsOf(files)).toEqual([])
    expect(unlistedNotices([analyse(files)], String)).toEqual([])
    expect(unlistedNotices([analyse(beside)], String)).toEqual([
      'No kustomization lists "off.yaml": the answers assume that it is applied.',
    ])
  })

  it('changes the level of a finding that rests on it', () => {
    const files = { ...beside, 'kustomization.yaml': 'resources: [off.yaml]\n' }
    expect(assumptionsOf(files)).toEqual([
      '"app.yaml" is applied, although no kustomization lists it',
    ])
  })
})

it.each<[string, Files]>([
  ['it is listed', { 'kustomization.yaml': 'resources: [app.yaml, p.yaml]\n', 'app.yaml': APP }],
  [
    'another kustomization lists it',
    {
      'kustomization.yaml': 'resources: [app.yaml]\n',
      'prod/kustomization.yaml': 'resources: [../p.yaml]\n',
      'app.yaml': APP,
    },
  ],
  ['there is no kustomization', { 'app.yaml': APP }],
  [
    'the kustomization is in another folder',
    { 'app/kustomization.yaml': 'resources: [app.yaml]\n', 'app/app.yaml': APP },
  ],
])('a policy has errors if %s', (_, files) => {
  expect(levelsOf({ ...files, 'p.yaml': POLICY })).toEqual([
    'p.yaml:6:30-7 error l7-allow-rule-dropped:',
  ])
})

describe('labels and annotations with numbers', () => {
  const numbers = replaceIn(POLICY, ['shop}', 'shop, labels: {a: 1}, annotations: {b: true}}'])
  const problems = (files: Files): string[] =>
    levelsOf(files).filter((line) => line.includes('invalid-resource'))
  it('are strings below a kustomization', () => {
    expect(problems({ 'kustomization.yaml': 'resources: [a.yaml]\n', 'a.yaml': numbers })).toEqual(
      [],
    )
  })
  it('are rejected if kubectl applies them', () => {
    expect(problems({ 'a.yaml': numbers })).toHaveLength(2)
  })
})

it('a component that very many kustomizations include exists in each of them', () => {
  const namespaces = Array.from({ length: 30 }, (_, index) => `ns${String(index)}`)
  const files = Object.fromEntries([
    ['common/kustomization.yaml', 'kind: Component\nresources: [ns.yaml]\n'],
    ['common/ns.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: any}\n'],
    ...namespaces.map((name) => [
      `${name}/kustomization.yaml`,
      `namespace: ${name}\ncomponents: [../common]\n`,
    ]),
  ]) as Files
  expect(
    analyse(files)
      .mesh.all('Namespace')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(namespaces.sort())
})

describe('a file that Flux or Argo CD patches', () => {
  const flux = (spec: string): string =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: flux}\nspec: {path: apps, ${spec}}\n`
  const argo = (kustomize: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a, namespace: argo}\nspec: {source: {path: apps, kustomize: ${kustomize}}}\n`
  const PATCH = 'patches: [{target: {kind: Namespace}, patch: x}]'
  const delivered = (by: string, more: Files = {}): Files => ({
    'clusters/a.yaml': by,
    'apps/app.yaml': APP + '---\n' + POLICY,
    ...more,
  })
  const ASSUMED = ['patches and components of Flux or Argo CD change nothing in "app.yaml"']

  it.each<[string, Files]>([
    ['in a plain folder', delivered(flux(PATCH))],
    [
      'through a kustomization',
      delivered(flux(PATCH), { 'apps/kustomization.yaml': 'resources: [app.yaml]\n' }),
    ],
    [
      'through two kustomizations',
      {
        'clusters/a.yaml': flux(PATCH),
        'apps/kustomization.yaml': 'resources: [shop]\n',
        'apps/shop/kustomization.yaml': 'resources: [app.yaml]\n',
        'apps/shop/app.yaml': APP + '---\n' + POLICY,
      },
    ],
    ['with a component', delivered(flux('components: [../a]'))],
    ['by a patch without a target', delivered(flux("patches: [{patch: 'kind: Namespace'}]"))],
    ['by Argo CD', delivered(argo(`{${PATCH}}`))],
  ])('has warnings at most, with the assumption: %s', (_, files) => {
    expect(levelsOf(files).every((line) => line.includes(' warning '))).toBe(true)
    expect(assumptionsOf(files)).toEqual(ASSUMED)
    expect(deliveryNotices([analyse(files)], String)).toHaveLength(1)
  })

  it.each<[string, Files]>([
    ['without patches', delivered(flux('prune: true'))],
    [
      'with patches of HelmReleases',
      delivered(flux(replaceIn(PATCH, ['Namespace', 'HelmRelease']))),
    ],
    ['with a patch of a HelmRelease', delivered(flux("patches: [{patch: 'kind: HelmRelease'}]"))],
    [
      'in another folder',
      { ...delivered(flux(PATCH)), 'clusters/a.yaml': replaceIn(flux(PATCH), ['apps', 'other']) },
    ],
    ['without patches of Argo CD', delivered(argo('{namePrefix: ""}'))],
  ])('has errors: %s', (_, files) => {
    expect(levelsOf(files).some((line) => line.includes(' error '))).toBe(true)
    expect(assumptionsOf(files)).toEqual([])
    expect(deliveryNotices([analyse(files)], String)).toEqual([])
  })
})
