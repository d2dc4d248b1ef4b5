import { expect, it } from 'vitest'
import { ACCOUNT, APP, describeObjects, loadWorkspace, production } from '../testing/overlays.js'
import { replaceIn } from '../testing/replaceIn.js'

it.each<[string, string, Record<string, string>, string[]]>([
  [
    '`namespace`, also for the Namespace object',
    '',
    {},
    [
      'AuthorizationPolicy production/readers',
      'Deployment production/api api {"app":"api"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient"}',
      'ServiceAccount production/api',
    ],
  ],
  [
    '`namePrefix` and `nameSuffix`, also for the service account of pods',
    'namePrefix: p-\nnameSuffix: -1\n',
    {},
    [
      'AuthorizationPolicy production/p-readers-1',
      'Deployment production/p-api-1 p-api-1 {"app":"api"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient"}',
      'ServiceAccount production/p-api-1',
    ],
  ],
  [
    '`namePrefix`, but not for a service account that is not among the files',
    'namePrefix: p-\n',
    { '/w/base/account.yaml': '' },
    [
      'AuthorizationPolicy production/p-readers',
      'Deployment production/p-api api {"app":"api"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient"}',
    ],
  ],
  [
    '`labels`',
    'labels: [{pairs: {team: a}}]\n',
    {},
    [
      'AuthorizationPolicy production/readers {"team":"a"}',
      'Deployment production/api {"team":"a"} api {"app":"api"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient","team":"a"}',
      'ServiceAccount production/api {"team":"a"}',
    ],
  ],
  [
    '`labels` with `includeTemplates`',
    'labels: [{pairs: {team: a}, includeTemplates: true}]\n',
    {},
    [
      'AuthorizationPolicy production/readers {"team":"a"}',
      'Deployment production/api {"team":"a"} api {"app":"api","team":"a"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient","team":"a"}',
      'ServiceAccount production/api {"team":"a"}',
    ],
  ],
  [
    '`commonLabels`',
    'commonLabels: {app: b}\n',
    {},
    [
      'AuthorizationPolicy production/readers {"app":"b"}',
      'Deployment production/api {"app":"b"} api {"app":"b"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient","app":"b"}',
      'ServiceAccount production/api {"app":"b"}',
    ],
  ],
  [
    'a patch that deletes an object',
    'patches: [{path: patch.yaml}]\n',
    { '/w/production/patch.yaml': `$patch: delete\n${ACCOUNT}` },
    [
      'AuthorizationPolicy production/readers',
      'Deployment production/api api {"app":"api"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient"}',
    ],
  ],
  [
    'a patch that merges mappings',
    'patches: [{path: patch.yaml}]\n',
    {
      '/w/production/patch.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {template: {metadata: {labels: {app: null, v: "2"}}, spec: {serviceAccountName: other}}}\n',
    },
    [
      'AuthorizationPolicy production/readers',
      'Deployment production/api other {"v":"2"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient"}',
      'ServiceAccount production/api',
    ],
  ],
  [
    'components after resources, and before the kustomization that names them',
    'namePrefix: p-\ncomponents: [../c]\n',
    {
      '/w/c/kustomization.yaml': 'kind: Component\nnamePrefix: c-\nresources: [more.yaml]\n',
      '/w/c/more.yaml': replaceIn(ACCOUNT, ['name: api', 'name: more']),
    },
    [
      'AuthorizationPolicy production/p-c-readers',
      'Deployment production/p-c-api p-c-api {"app":"api"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient"}',
      'ServiceAccount production/p-c-api',
      'ServiceAccount production/p-c-more',
    ],
  ],
])('an overlay applies %s', (_, kustomization, files, expected) => {
  const meshes = loadWorkspace({
    ...production(kustomization, files),
    '/w/staging/kustomization.yaml': '',
  })
  expect(describeObjects(meshes)).toEqual(expected)
})

it('pods refer to the new name of a service account, as long as it exists', () => {
  const files: Record<string, string> = {
    '/w/a/kustomization.yaml': 'namePrefix: a-\nresources: [account.yaml]\n',
    '/w/a/account.yaml': ACCOUNT,
    '/w/b/kustomization.yaml': 'resources: [app.yaml]\n',
    '/w/b/app.yaml': APP,
    '/w/all/kustomization.yaml': 'resources: [../a, ../b]\n',
  }
  const meshes = loadWorkspace(files)
  expect(describeObjects(meshes)).toEqual([
    'Deployment ?/w/b/api a-api {"app":"api"}',
    'ServiceAccount ?/w/a/a-api',
  ])
  files['/w/all/kustomization.yaml'] = `namespace: n\n${files['/w/all/kustomization.yaml'] ?? ''}`
  meshes.update([{ file: '/w/all/kustomization.yaml', text: files['/w/all/kustomization.yaml'] }])
  expect(describeObjects(meshes)).toEqual([
    'Deployment n/api a-api {"app":"api"}',
    'ServiceAccount n/a-api',
  ])
  meshes.update([{ file: '/w/a/account.yaml', text: '' }])
  expect(describeObjects(meshes)).toEqual(['Deployment n/api api {"app":"api"}'])
})

it('a base that two parts of one overlay include is built twice', () => {
  const meshes = loadWorkspace({
    '/w/base/kustomization.yaml': 'resources: [a.yaml]\n',
    '/w/base/a.yaml': ACCOUNT,
    '/w/x/kustomization.yaml': 'namespace: x\nresources: [../base]\n',
    '/w/y/kustomization.yaml': 'namespace: y\nresources: [../base]\n',
    '/w/all/kustomization.yaml': 'resources: [../x, ../y]\n',
  })
  expect(describeObjects(meshes)).toEqual(['ServiceAccount x/api', 'ServiceAccount y/api'])
})
