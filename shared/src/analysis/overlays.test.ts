import { expect, it } from 'vitest'
import { findingsOf, replaceIn } from '../testing/index.js'
import { workload } from '../testing/meshObjects.js'
import {
  APP,
  findingsByMesh,
  loadWorkspace,
  PATCH,
  POLICY,
  production,
} from '../testing/overlays.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { renderEdits } from './renderEdits.js'
import { sourceLookupOf } from './sourceLookup.js'

const DROPPED = (at: string): string =>
  `${at} error l7-allow-rule-dropped: Every connection to workload "api" is denied: ztunnel drops this ALLOW rule because of the HTTP attribute "methods".`

it('a mistake that a patch of one overlay makes is reported in the patch, for this overlay only', () => {
  const meshes = loadWorkspace(
    production('patches:\n- path: patch.yaml\n', { '/w/production/patch.yaml': PATCH }),
  )
  expect(findingsByMesh(meshes)).toEqual([[], [DROPPED('/w/production/patch.yaml:10:9-7')]])
  expect(
    meshes
      .analysesOf('/w/base/policy.yaml')
      .flatMap((analysis) => analysis.findingsOf('/w/base/policy.yaml')),
  ).toEqual([])
  expect(meshes.notices).toHaveLength(1)
})

it.each<[string, string, Record<string, string>, string]>([
  [
    'strategic merge, in `patchesStrategicMerge`',
    'patchesStrategicMerge: [patch.yaml]\n',
    { '/w/production/patch.yaml': PATCH },
    '/w/production/patch.yaml:10:9-7',
  ],
  [
    'strategic merge, the second document of a file',
    'patches: [{path: patch.yaml}]\n',
    { '/w/production/patch.yaml': `${replaceIn(PATCH, ['readers', 'others'])}---\n${PATCH}` },
    '/w/production/patch.yaml:21:9-7',
  ],
  [
    'strategic merge, inline block text',
    `patches:\n- patch: |\n${replaceIn(PATCH, [/^/gm, '    ']).trimEnd()}\n`,
    {},
    '/w/production/kustomization.yaml:14:13-7',
  ],
  [
    'strategic merge, inline in quotes',
    `patches:\n- patch: ${JSON.stringify(PATCH)}\n`,
    {},
    `/w/production/kustomization.yaml:4:10-${String(JSON.stringify(PATCH).length)}`,
  ],
  [
    'strategic merge with a target',
    'patches:\n- path: patch.yaml\n  target: {group: security.istio.io, version: v1, kind: Auth.*, name: read.*, namespace: default}\n',
    { '/w/production/patch.yaml': replaceIn(PATCH, ['readers', 'any']) },
    '/w/production/patch.yaml:10:9-7',
  ],
  [
    'JSON patch of a file',
    'patches:\n- path: patch.yaml\n  target: {kind: AuthorizationPolicy}\n',
    {
      '/w/production/patch.yaml':
        '- op: add\n  path: /spec/rules/0/to\n  value: [{operation: {methods: [GET]}}]\n',
    },
    '/w/production/patch.yaml:3:24-7',
  ],
  [
    'JSON patch, inline',
    'patchesJson6902:\n- target: {kind: AuthorizationPolicy, name: readers}\n  patch: |-\n    - op: replace\n      path: /spec/rules/0\n      value:\n        to:\n        - operation:\n            methods: [GET]\n',
    {},
    '/w/production/kustomization.yaml:11:13-7',
  ],
  [
    'JSON patch, written as JSON',
    'patches:\n- target: {labelSelector: "!x"}\n  path: patch.json\n',
    {
      '/w/production/patch.json':
        '[{"op": "add", "path": "/spec/rules/-", "value": {"to": [{"operation": {"methods": ["GET"]}}]}}]',
    },
    '/w/production/patch.json:1:73-9',
  ],
  [
    'strategic merge of a component',
    'components: [../component]\n',
    {
      '/w/component/kustomization.yaml': 'kind: Component\npatches: [{path: patch.yaml}]\n',
      '/w/component/patch.yaml': PATCH,
    },
    '/w/component/patch.yaml:10:9-7',
  ],
])('a mistake is reported at its place in the patch: %s', (_, kustomization, files, at) => {
  expect(
    findingsByMesh(loadWorkspace(production(kustomization, files)))
      .flat()
      .map((line) => line.slice(0, line.indexOf(': '))),
  ).toEqual([`${at} error l7-allow-rule-dropped`])
})

it('a wrong label of an overlay is reported in its kustomization', () => {
  const meshes = loadWorkspace(
    production('labels:\n- pairs:\n    istio.io/dataplane-mode: ambiant\n'),
  )
  expect(
    new Set(findingsByMesh(meshes)[1]?.map((line) => line.slice(0, line.indexOf(': ')))),
  ).toContain('/w/production/kustomization.yaml:5:30-7 error invalid-label-value')
  expect(findingsByMesh(meshes)[0]).toEqual([])
})

it('ignore comments in a patch and in a base apply', () => {
  const kustomization = 'patches: [{path: patch.yaml}]\n'
  const inPatch = replaceIn(PATCH, [
    '        methods',
    '        # ambient-policy-ignore l7-allow-rule-dropped -- on purpose\n        methods',
  ])
  expect(
    findingsByMesh(
      loadWorkspace(production(kustomization, { '/w/production/patch.yaml': inPatch })),
    ),
  ).toEqual([[], []])
  const inline = `patches:\n- patch: |\n${inPatch.replace(/^/gm, '    ').trimEnd()}\n`
  expect(findingsByMesh(loadWorkspace(production(inline)))).toEqual([[], []])
  const inBase = {
    '/w/production/patch.yaml': PATCH,
    '/w/base/policy.yaml': `# ambient-policy-ignore l7-allow-rule-dropped -- on purpose\n${POLICY}`,
  }
  expect(findingsByMesh(loadWorkspace(production(kustomization, inBase)))[1]).toEqual([])
})

it('a fix of a field in a patch edits the patch, unless its text has changed since', () => {
  const files = production('patches:\n- path: patch.yaml\n', {
    '/w/production/patch.yaml': replaceIn(PATCH, [
      'methods: ["GET"]',
      'methods: ["GET"]\n        ports: ["8080"]',
    ]),
    '/w/base/app.yaml':
      `${APP}---\napiVersion: v1\nkind: Service\nmetadata: {name: api}\n` +
      'spec: {selector: {app: api}, ports: [{port: 8080}]}\n',
  })
  const meshes = loadWorkspace(files)
  const edited = meshes.analyses().flatMap((analysis) =>
    findingsOf(analysis).flatMap(({ fixes }) =>
      fixes.flatMap(
        ({ edits }) =>
          renderEdits(
            edits,
            sourceLookupOf(analysis, (file) => files[file]),
          ) ?? [],
      ),
    ),
  )
  const inPatch = edited
    .filter(({ file }) => file === '/w/production/patch.yaml')
    .map(({ file, edits }) => applyTextEdits(files[file] ?? '', edits))
  expect(inPatch.length).toBeGreaterThan(0)
  expect(inPatch.some((text) => !text.includes('methods'))).toBe(true)
  for (const text of inPatch) expect(text).toContain('# added in production')
  files['/w/production/patch.yaml'] = `\n${files['/w/production/patch.yaml'] ?? ''}`
  const stale = meshes.analyses().flatMap((analysis) =>
    findingsOf(analysis).flatMap(({ fixes }) =>
      fixes.flatMap(
        ({ edits }) =>
          renderEdits(
            edits,
            sourceLookupOf(analysis, (file) => files[file]),
          ) ?? [],
      ),
    ),
  )
  expect(stale.filter(({ file }) => file === '/w/production/patch.yaml')).toEqual([])
})

it('a fix that adds a field edits the base, and labels of the kustomization are not edited', () => {
  const files = production('labels: [{pairs: {istio.io/use-waypoint: none, team: a}}]\n')
  const analysis = loadWorkspace(files).analyses()[1]
  const account = analysis?.mesh.named('ServiceAccount', 'production', 'api')
  if (!analysis || !account) throw new Error('The object is missing.')
  const source = sourceLookupOf(analysis, (file) => files[file])
  expect(source.placeOf(account, ['metadata', 'labels', 'team'])).toBeUndefined()
  expect(source.placeOf(account, ['metadata', 'labels', 'other'])).toMatchObject({
    file: '/w/base/account.yaml',
    path: ['metadata', 'labels', 'other'],
  })
  const [edit] =
    renderEdits(
      [{ op: 'set', resource: account, path: ['metadata', 'labels', 'other'], value: 'x' }],
      source,
    ) ?? []
  expect(edit && applyTextEdits(files[edit.file] ?? '', edit.edits)).toBe(
    'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api, labels: {other: x}}\n',
  )
})

it('a changed patch reads only the files again to which it may apply', () => {
  const files = production('patches: [{path: patch.yaml}]\n', { '/w/production/patch.yaml': PATCH })
  const meshes = loadWorkspace(files)
  files['/w/production/patch.yaml'] = replaceIn(PATCH, ['GET', 'PUT'])
  const { files: stale, parsed } = meshes.update([
    { file: '/w/production/patch.yaml', text: files['/w/production/patch.yaml'], open: true },
  ])
  expect([...stale].sort()).toEqual(['/w/base/policy.yaml', '/w/production/patch.yaml'])
  expect(parsed).toBe(2)
})

it('a fix does not write a field again that a patch removes', () => {
  const placesAfter = (patch: string) => {
    const files = production(`patches:\n- patch: '[${patch}]'\n  target: {kind: Deployment}\n`)
    const analysis = loadWorkspace(files).analyses()[1]
    if (!analysis) throw new Error('The overlay is missing.')
    const deployment = workload(analysis.mesh, 'api')
    const source = sourceLookupOf(analysis, (file) => files[file])
    return ['app', 'other'].map(
      (label) => source.placeOf(deployment, [...LABELS, label]) !== undefined,
    )
  }
  const LABELS = ['spec', 'template', 'metadata', 'labels']
  const remove = '{op: remove, path: /spec/template/metadata/labels/app}'
  const add = '{op: add, path: /spec/template/metadata/labels/added, value: a}'
  expect(placesAfter(remove)).toEqual([false, true])
  expect(placesAfter(add)).toEqual([true, true])
})
