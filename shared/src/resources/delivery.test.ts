import { describe, expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { analyse, findingsOf, type Files } from '../testing/index.js'

const pod = (name: string, metadata = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}${metadata}}\n`
const flux = (spec: string, name = 'ks'): string =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}, namespace: flux-system}\nspec: {${spec}}\n`
const argo = (spec: string, kind = 'Application'): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: {name: app, namespace: argocd}\nspec: ${spec}\n`
const podsOf = (files: Files): string[] =>
  analyse(files)
    .mesh.workloadsAt(keys.allWorkloads())
    .map(({ namespace, name }) => `${namespace}/${name}`)
    .sort()

describe('the namespace of a folder', () => {
  it.each<[string, Files, string[]]>([
    [
      'Flux: objects of the folder and of folders in it, with or without a namespace',
      {
        'cluster/ks.yaml': flux('path: ./apps/blog, targetNamespace: blog'),
        'apps/blog/a.yaml': pod('a'),
        'apps/blog/deep/b.yaml': pod('b', ', namespace: other'),
        'apps/other/c.yaml': pod('c'),
      },
      ['?apps/other/c', 'blog/a', 'blog/b'],
    ],
    [
      'Flux: a folder with a kustomization has what it lists',
      {
        'ks.yaml': flux('path: apps/blog/, targetNamespace: blog, namePrefix: my-'),
        'apps/blog/kustomization.yaml': 'namespace: inner\nresources: [a.yaml]\n',
        'apps/blog/a.yaml': pod('a'),
        'apps/blog/off.yaml': pod('off'),
      },
      ['?apps/blog/off', 'blog/my-a'],
    ],
    [
      'Flux: one folder for two namespaces',
      {
        'ks.yaml': `${flux('path: app, targetNamespace: dev')}---\n${flux('path: app, targetNamespace: prod', 'p')}`,
        'app/a.yaml': pod('a'),
      },
      ['dev/a', 'prod/a'],
    ],
    [
      'Argo CD: only objects without a namespace',
      {
        'argo/app.yaml': argo('{source: {path: apps/blog}, destination: {namespace: blog}}'),
        'apps/blog/a.yaml': pod('a'),
        'apps/blog/b.yaml': pod('b', ', namespace: other'),
      },
      ['blog/a', 'other/b'],
    ],
    [
      'Argo CD: several sources, and a namespace of kustomize',
      {
        'app.yaml': argo(
          '{sources: [{path: one}, {path: two, kustomize: {namespace: set}}], destination: {namespace: blog}}',
        ),
        'one/a.yaml': pod('a'),
        'two/b.yaml': pod('b', ', namespace: other'),
      },
      ['blog/a', 'set/b'],
    ],
    [
      'a path in a repository that has a folder of the same name deeper',
      {
        'w/clusters/ks.yaml': flux('path: ./apps, targetNamespace: blog'),
        'w/apps/a.yaml': pod('a'),
        'w/clusters/apps/b.yaml': pod('b'),
      },
      ['?w/clusters/apps/b', 'blog/a'],
    ],
    [
      'nothing: templates, other sources, charts, unknown folders, the root',
      {
        'a.yaml': flux('path: "${DIR}", targetNamespace: blog'),
        'b.yaml': flux('path: app, targetNamespace: "${NS}"', 'b'),
        'c.yaml': flux('path: app, targetNamespace: c, sourceRef: {kind: Bucket}', 'c'),
        'd.yaml': flux('path: none, targetNamespace: d', 'd'),
        'e.yaml': flux('path: ./, targetNamespace: e', 'e'),
        'f.yaml': flux('path: ../app, targetNamespace: f', 'f'),
        'g.yaml': argo(
          '{template: {spec: {source: {path: "{{path}}"}, destination: {namespace: g}}}}',
          'ApplicationSet',
        ),
        'h.yaml': argo('{source: {path: app, helm: {}}, destination: {namespace: h}}'),
        'app/a.yaml': pod('a'),
      },
      ['?app/a'],
    ],
    [
      'nothing for the templates of a chart',
      {
        'ks.yaml': flux('path: app, targetNamespace: blog'),
        'app/chart/Chart.yaml': 'name: x\n',
        'app/chart/templates/a.yaml': pod('a'),
      },
      ['?app/chart/templates/a'],
    ],
  ])('%s', (_, files, pods) => {
    expect(podsOf(files)).toEqual(pods)
  })

  it('follows a delivery that is changed, and a folder that is added', () => {
    const files: Record<string, string> = {
      'ks.yaml': flux('path: app, targetNamespace: blog'),
      'other.yaml': pod('x'),
    }
    const analysis = analyse(files)
    const pods = (): string[] =>
      analysis.mesh
        .workloadsAt(keys.allWorkloads())
        .map(({ namespace, name }) => `${namespace}/${name}`)
    const write = (file: string, text: string): void => {
      files[file] = text
      analysis.update([{ file, text }])
    }
    write('app/a.yaml', pod('a'))
    expect(pods()).toEqual(['blog/a', '?/x'])
    write('ks.yaml', flux('path: app, targetNamespace: wiki'))
    expect(pods()).toEqual(['wiki/a', '?/x'])
    analysis.update([{ file: 'ks.yaml', text: undefined }])
    expect(pods()).toEqual(['?app/a', '?/x'])
  })
})

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec: {rules: [{from: [{source: {principals: [cluster.local/ns/web/sa/web]}}]}]}
`
const settingsWith = (text: string) => analyse({ 'release.yaml': text }).mesh.settings
const release = (chart: string, values: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: ${chart}, namespace: istio-system}\nspec:\n  chart: {spec: {chart: ${chart}, version: 1.27.2, sourceRef: {kind: HelmRepository, name: istio}}}\n  values: ${values}\n`
const SOURCE =
  'repoURL: https://istio-release.storage.googleapis.com/charts, targetRevision: 1.26.x'

describe('an installation of Istio', () => {
  it.each<[string, string, string, string]>([
    [
      'Flux: istiod',
      release('istiod', '{meshConfig: {trustDomain: corp}, profile: ambient}'),
      'corp',
      '1.27 ambient',
    ],
    ['Flux: ztunnel', release('ztunnel', '{}'), 'cluster.local', '1.27 ambient'],
    [
      'Flux: a chart of an OCI repository',
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: control, namespace: x}\nspec: {chartRef: {kind: OCIRepository, name: istiod}, values: {meshConfig: {trustDomain: corp}}}\n',
      'corp',
      '1.32 unknown',
    ],
    [
      'Argo CD: values as an object',
      argo(
        `{source: {chart: istiod, ${SOURCE}, helm: {values: "meshConfig: {trustDomain: no}", valuesObject: {meshConfig: {trustDomain: corp}}}}}`,
      ),
      'corp',
      '1.26 unknown',
    ],
    [
      'Argo CD: values as text, and a parameter above them',
      argo(
        `{sources: [{ref: x}, {chart: istiod, ${SOURCE}, helm: {values: "profile: ambient\\nmeshConfig: {trustDomain: no}", parameters: [{name: meshConfig.trustDomain, value: corp}]}}]}`,
      ),
      'corp',
      '1.26 ambient',
    ],
    [
      'Argo CD: an ApplicationSet',
      argo(
        `{template: {spec: {source: {chart: istiod, ${SOURCE}, helm: {parameters: [{name: meshConfig.trustDomain, value: corp}]}}}}}`,
        'ApplicationSet',
      ),
      'corp',
      '1.26 unknown',
    ],
    [
      'none: another chart',
      release('grafana', '{meshConfig: {trustDomain: corp}}'),
      'cluster.local',
      '1.32 unknown',
    ],
    [
      'none: a chart base of another project',
      argo('{source: {chart: base, repoURL: https://example.org/charts, targetRevision: 1.20.0}}'),
      'cluster.local',
      '1.32 unknown',
    ],
  ])('%s', (_, text, trustDomain, rest) => {
    const { istioVersion, install, ...settings } = settingsWith(text)
    expect([settings.trustDomain, `${istioVersion} ${install}`]).toEqual([trustDomain, rest])
  })

  it('a trust domain that Flux fills in is not known', () => {
    const text = release('istiod', '{meshConfig: {trustDomain: "${DOMAIN}"}}')
    expect(settingsWith(text).trustDomainKnown).toBe(false)
    expect(findingsOf(analyse({ 'release.yaml': text, 'p.yaml': POLICY }))).toEqual([])
  })

  it('the namespaces that the CNI excludes come from its values', () => {
    expect(settingsWith(release('cni', '{excludeNamespaces: [a]}')).cniExcludeNamespaces).toEqual([
      'a',
    ])
  })
})

describe('the Namespace that Argo CD manages', () => {
  const managed = (option: string, name = 'shop'): string =>
    argo(
      `{destination: {namespace: ${name}}, syncPolicy: {syncOptions: [${option}], managedNamespaceMetadata: {labels: {istio.io/dataplane-mode: ambient}}}}`,
    )
  const namespacesOf = (text: string): unknown[] =>
    analyse(text)
      .mesh.all('Namespace')
      .map(({ name, labels }) => [name, { ...labels }])

  it('has its labels', () => {
    expect(namespacesOf(managed('CreateNamespace=true'))).toEqual([
      ['shop', { 'istio.io/dataplane-mode': 'ambient' }],
    ])
  })

  it.each([
    ['it is not created', managed('CreateNamespace=false')],
    ['its name is a template', managed('CreateNamespace=true', '"{{name}}"')],
  ])('is not known if %s', (_, text) => {
    expect(namespacesOf(text)).toEqual([])
  })
})
