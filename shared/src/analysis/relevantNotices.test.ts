import { expect, it } from 'vitest'
import { loadWorkspace, NAMESPACE, POLICY } from '../testing/overlays.js'
import { replaceIn } from '../testing/replaceIn.js'

const REMOTE = 'resources: [cm.yaml]\nhelmCharts: [{name: grafana}]\n'
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: dash}\n'
const MESH =
  NAMESPACE + '---\n' + replaceIn(POLICY, ['name: readers', 'name: readers\n  namespace: any'])
it.each<[string, Record<string, string>, number]>([
  [
    'another namespace than the objects of Istio',
    { '/w/g/kustomization.yaml': `namespace: grafana\n${REMOTE}`, '/w/mesh.yaml': MESH },
    0,
  ],
  [
    'the namespace of an object of Istio',
    { '/w/g/kustomization.yaml': `namespace: any\n${REMOTE}`, '/w/mesh.yaml': MESH },
    1,
  ],
  ['any namespace', { '/w/g/kustomization.yaml': REMOTE, '/w/mesh.yaml': MESH }, 1],
  [
    'another namespace, with changes of an object of Istio',
    {
      '/w/g/kustomization.yaml':
        'namespace: other\nresources: [cm.yaml, p.yaml]\nreplacements: []\n',
      '/w/g/p.yaml': POLICY,
    },
    1,
  ],
  [
    'changes of other objects alone',
    {
      '/w/g/kustomization.yaml': 'resources: [cm.yaml]\nreplacements: []\n',
      '/w/mesh.yaml': MESH,
    },
    0,
  ],
  ['a repository without Istio', { '/w/g/kustomization.yaml': REMOTE }, 0],
])('a kustomization is named only where findings depend on it: %s', (_, files, notices) => {
  expect(loadWorkspace({ '/w/g/cm.yaml': CONFIG, ...files }).notices).toHaveLength(notices)
})
