import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeFindings, findingsOf } from '../testing/index.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { sourceLookupOf } from './sourceLookup.js'
import { WorkspaceMeshes } from './workspaceMeshes.js'
import { renderEdits } from './renderEdits.js'

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: readers
spec:
  selector:
    matchLabels:
      app: api
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/web/sa/web"]
`
const APP = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata:
      labels: {app: api}
    spec:
      serviceAccountName: api
      containers:
      - name: api
        ports:
        - containerPort: 8080
`
const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api}\n'
const NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: any\n  labels: {istio.io/dataplane-mode: ambient}\n'
const PATCH = `# what production adds
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: readers
spec:
  rules:
  - to:
    - operation:
        methods: ["GET"]
`
const BASE = {
  '/w/base/kustomization.yaml': 'resources: [policy.yaml, app.yaml, account.yaml, ns.yaml]\n',
  '/w/base/policy.yaml': POLICY,
  '/w/base/app.yaml': APP,
  '/w/base/account.yaml': ACCOUNT,
  '/w/base/ns.yaml': NAMESPACE,
  '/w/staging/kustomization.yaml': 'namespace: staging\nresources: [../base]\n',
}

function load(files: Record<string, string>): WorkspaceMeshes {
  const meshes = new WorkspaceMeshes('/w', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    readText: (file) => files[file],
  })
  meshes.update(Object.entries(files).map(([file, text]) => ({ file, text })))
  meshes.settle()
  return meshes
}

/** The findings of each mesh that has files. */
function told(meshes: WorkspaceMeshes): string[][] {
  return meshes
    .analyses()
    .filter(({ files }) => files.size > 0)
    .map(describeFindings)
}

/** Every object of the meshes, as far as the kustomizations change it. */
function objects(meshes: WorkspaceMeshes): string[] {
  return meshes
    .analyses()
    .flatMap((analysis) =>
      [...analysis.files.values()].flatMap(({ documents }) =>
        documents.flatMap(({ facts }) =>
          facts.resources.flatMap((resource) => {
            if (resource.type === 'Other') return []
            const template =
              'template' in resource
                ? ` ${resource.template.serviceAccountName} ${JSON.stringify(resource.template.labels)}`
                : ''
            return [
              `${resource.type} ${resource.namespace}/${resource.name}${resource.labels ? ` ${JSON.stringify(resource.labels)}` : ''}${template}`,
            ]
          }),
        ),
      ),
    )
    .sort()
}

const production = (
  kustomization: string,
  files: Record<string, string> = {},
): Record<string, string> => ({
  ...BASE,
  '/w/production/kustomization.yaml': `namespace: production\nresources: [../base]\n${kustomization}`,
  ...files,
})
const DROPPED = (at: string): string =>
  `${at} error l7-allow-rule-dropped: Every connection to workload "api" is denied: ztunnel drops this ALLOW rule because of the HTTP attribute "methods".`

it('finds in one overlay what its patch makes wrong, and shows it in the patch', () => {
  const meshes = load(
    production('patches:\n- path: patch.yaml\n', { '/w/production/patch.yaml': PATCH }),
  )
  expect(told(meshes)).toEqual([[], [DROPPED('/w/production/patch.yaml:10:9-7')]])
  expect(
    meshes
      .analysesOf('/w/base/policy.yaml')
      .flatMap((analysis) => analysis.findingsOf('/w/base/policy.yaml')),
  ).toEqual([])
  expect(meshes.notices).toEqual([])
})

it.each<[string, string, Record<string, string>, string]>([
  [
    'merged, in a list of files',
    'patchesStrategicMerge: [patch.yaml]\n',
    { '/w/production/patch.yaml': PATCH },
    '/w/production/patch.yaml:10:9-7',
  ],
  [
    'merged, the second of a file',
    'patches: [{path: patch.yaml}]\n',
    { '/w/production/patch.yaml': `${PATCH.replace('readers', 'others')}---\n${PATCH}` },
    '/w/production/patch.yaml:21:9-7',
  ],
  [
    'merged, written in place',
    `patches:\n- patch: |\n${PATCH.replace(/^/gm, '    ').trimEnd()}\n`,
    {},
    '/w/production/kustomization.yaml:14:13-7',
  ],
  [
    'merged, in quotes',
    `patches:\n- patch: ${JSON.stringify(PATCH)}\n`,
    {},
    `/w/production/kustomization.yaml:4:10-${String(JSON.stringify(PATCH).length)}`,
  ],
  [
    'merged, by a target',
    'patches:\n- path: patch.yaml\n  target: {group: security.istio.io, version: v1, kind: Auth.*, name: read.*, namespace: default}\n',
    { '/w/production/patch.yaml': PATCH.replace('readers', 'whatever') },
    '/w/production/patch.yaml:10:9-7',
  ],
  [
    'operations of a file',
    'patches:\n- path: patch.yaml\n  target: {kind: AuthorizationPolicy}\n',
    {
      '/w/production/patch.yaml':
        '- op: add\n  path: /spec/rules/0/to\n  value: [{operation: {methods: [GET]}}]\n',
    },
    '/w/production/patch.yaml:3:24-7',
  ],
  [
    'operations in place',
    'patchesJson6902:\n- target: {kind: AuthorizationPolicy, name: readers}\n  patch: |-\n    - op: replace\n      path: /spec/rules/0\n      value:\n        to:\n        - operation:\n            methods: [GET]\n',
    {},
    '/w/production/kustomization.yaml:11:13-7',
  ],
  [
    'operations as JSON',
    'patches:\n- target: {labelSelector: "!x"}\n  path: patch.json\n',
    {
      '/w/production/patch.json':
        '[{"op": "add", "path": "/spec/rules/-", "value": {"to": [{"operation": {"methods": ["GET"]}}]}}]',
    },
    '/w/production/patch.json:1:73-9',
  ],
  [
    'of a component',
    'components: [../component]\n',
    {
      '/w/component/kustomization.yaml': 'kind: Component\npatches: [{path: patch.yaml}]\n',
      '/w/component/patch.yaml': PATCH,
    },
    '/w/component/patch.yaml:10:9-7',
  ],
])('a patch %s', (_, kustomization, files, at) => {
  expect(
    told(load(production(kustomization, files)))
      .flat()
      .map((line) => line.slice(0, line.indexOf(': '))),
  ).toEqual([`${at} error l7-allow-rule-dropped`])
})

it.each<[string, string, Record<string, string>, string[]]>([
  [
    'the namespace, of the Namespace too',
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
    'prefix and suffix, with the service account of pods',
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
    'a service account that is not renamed stays',
    'namePrefix: p-\n',
    { '/w/base/account.yaml': '' },
    [
      'AuthorizationPolicy production/p-readers',
      'Deployment production/p-api api {"app":"api"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient"}',
    ],
  ],
  [
    'labels of the objects alone',
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
    'labels of pods too',
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
    'labels everywhere',
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
    'a patch that deletes',
    'patches: [{path: patch.yaml}]\n',
    { '/w/production/patch.yaml': `$patch: delete\n${ACCOUNT}` },
    [
      'AuthorizationPolicy production/readers',
      'Deployment production/api api {"app":"api"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient"}',
    ],
  ],
  [
    'a patch of a list that is merged',
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
    'components after resources, before what names them',
    'namePrefix: p-\ncomponents: [../c]\n',
    {
      '/w/c/kustomization.yaml': 'kind: Component\nnamePrefix: c-\nresources: [more.yaml]\n',
      '/w/c/more.yaml': ACCOUNT.replace('name: api', 'name: more'),
    },
    [
      'AuthorizationPolicy production/p-c-readers',
      'Deployment production/p-c-api p-c-api {"app":"api"}',
      'Namespace /production {"istio.io/dataplane-mode":"ambient"}',
      'ServiceAccount production/p-c-api',
      'ServiceAccount production/p-c-more',
    ],
  ],
])('applies %s', (_, kustomization, files, expected) => {
  const meshes = load({ ...production(kustomization, files), '/w/staging/kustomization.yaml': '' })
  expect(objects(meshes)).toEqual(expected)
})

it('follows the new name of a service account in pods that are not renamed, and its coming and going', () => {
  const files: Record<string, string> = {
    '/w/a/kustomization.yaml': 'namePrefix: a-\nresources: [account.yaml]\n',
    '/w/a/account.yaml': ACCOUNT,
    '/w/b/kustomization.yaml': 'resources: [app.yaml]\n',
    '/w/b/app.yaml': APP,
    '/w/all/kustomization.yaml': 'resources: [../a, ../b]\n',
  }
  const meshes = load(files)
  expect(objects(meshes)).toEqual([
    'Deployment ?/w/b/api a-api {"app":"api"}',
    'ServiceAccount ?/w/a/a-api',
  ])
  files['/w/all/kustomization.yaml'] = `namespace: n\n${files['/w/all/kustomization.yaml'] ?? ''}`
  meshes.update([{ file: '/w/all/kustomization.yaml', text: files['/w/all/kustomization.yaml'] }])
  expect(objects(meshes)).toEqual([
    'Deployment n/api a-api {"app":"api"}',
    'ServiceAccount n/a-api',
  ])
  meshes.update([{ file: '/w/a/account.yaml', text: '' }])
  expect(objects(meshes)).toEqual(['Deployment n/api api {"app":"api"}'])
})

it('applies a base that two parts of one overlay draw in once for each', () => {
  const meshes = load({
    '/w/base/kustomization.yaml': 'resources: [a.yaml]\n',
    '/w/base/a.yaml': ACCOUNT,
    '/w/x/kustomization.yaml': 'namespace: x\nresources: [../base]\n',
    '/w/y/kustomization.yaml': 'namespace: y\nresources: [../base]\n',
    '/w/all/kustomization.yaml': 'resources: [../x, ../y]\n',
  })
  expect(objects(meshes)).toEqual(['ServiceAccount x/api', 'ServiceAccount y/api'])
})

it('finds what a label of the overlay makes wrong in the overlay', () => {
  const meshes = load(production('labels:\n- pairs:\n    istio.io/dataplane-mode: ambiant\n'))
  expect(new Set(told(meshes)[1]?.map((line) => line.slice(0, line.indexOf(': '))))).toContain(
    '/w/production/kustomization.yaml:5:30-7 error invalid-label-value',
  )
  expect(told(meshes)[0]).toEqual([])
})

it('obeys comments in the patch and in the base', () => {
  const kustomization = 'patches: [{path: patch.yaml}]\n'
  const inPatch = PATCH.replace(
    '        methods',
    '        # ambient-policy-ignore l7-allow-rule-dropped -- on purpose\n        methods',
  )
  expect(told(load(production(kustomization, { '/w/production/patch.yaml': inPatch })))).toEqual([
    [],
    [],
  ])
  const inline = `patches:\n- patch: |\n${inPatch.replace(/^/gm, '    ').trimEnd()}\n`
  expect(told(load(production(inline)))).toEqual([[], []])
  const inBase = {
    '/w/production/patch.yaml': PATCH,
    '/w/base/policy.yaml': `# ambient-policy-ignore l7-allow-rule-dropped -- on purpose\n${POLICY}`,
  }
  expect(told(load(production(kustomization, inBase)))[1]).toEqual([])
})

it('fixes in the patch what stands in the patch', () => {
  const files = production('patches:\n- path: patch.yaml\n', {
    '/w/production/patch.yaml': PATCH.replace(
      'methods: ["GET"]',
      'methods: ["GET"]\n        ports: ["8O"]',
    ),
  })
  const meshes = load(files)
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
  for (const text of inPatch) expect(text).toContain('# what production adds')
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

it('edits the base where what is to be added has its place there, and nothing of labels that are given to all', () => {
  const files = production('labels: [{pairs: {istio.io/use-waypoint: none, team: a}}]\n')
  const analysis = load(files).analyses()[1]
  const account = analysis?.mesh.named('ServiceAccount', 'production', 'api')
  if (!analysis || !account) throw new Error('no such object')
  const host = sourceLookupOf(analysis, (file) => files[file])
  expect(host.placeOf(account, ['metadata', 'labels', 'team'])).toBeUndefined()
  expect(host.placeOf(account, ['metadata', 'labels', 'other'])).toMatchObject({
    file: '/w/base/account.yaml',
    path: ['metadata', 'labels', 'other'],
  })
  const [edit] =
    renderEdits(
      [{ op: 'set', resource: account, path: ['metadata', 'labels', 'other'], value: 'x' }],
      host,
    ) ?? []
  expect(edit && applyTextEdits(files[edit.file] ?? '', edit.edits)).toBe(
    'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api, labels: {other: x}}\n',
  )
})

it.each<[string, Record<string, string>, string[]]>([
  [
    'a missing patch',
    production('patches: [{path: gone.yaml}]\n'),
    [
      'Kustomization "production": not applied are the patch "production/gone.yaml". What depends on them is not judged.',
    ],
  ],
  [
    'a malformed patch',
    production('patches: [{path: p.yaml}]\n', { '/w/production/p.yaml': 'spec: [\n' }),
    [
      'Kustomization "production": not applied are the patch "production/p.yaml". What depends on them is not judged.',
    ],
  ],
  [
    'a patch for nothing',
    production('patches: [{path: p.yaml}]\n', {
      '/w/production/p.yaml': PATCH.replace('readers', 'nobody'),
    }),
    [],
  ],
  [
    'an operation for nothing',
    production(
      'patches: [{target: {kind: Deployment}, patch: "- {op: remove, path: /spec/none}"}]\n',
    ),
    [],
  ],
  [
    'operations that are not applied',
    production(
      'patches: [{target: {kind: Deployment}, patch: "- {op: move, from: /a, path: /b}"}]\n',
    ),
    ['Kustomization "production": not applied are a patch. What depends on them is not judged.'],
  ],
  [
    'a pattern that takes for ever',
    production('patches: [{target: {name: "(a+)+$"}, patch: "- {op: remove, path: /b}"}]\n'),
    ['Kustomization "production": not applied are a patch. What depends on them is not judged.'],
  ],
  [
    'a base that is not here',
    {
      ...production(''),
      '/w/production/kustomization.yaml':
        'resources: [../base, ../elsewhere]\ncomponents: [../c]\n',
    },
    [
      'Kustomization "production": not applied are "elsewhere" (not here) and "c" (not here). What depends on them is not judged.',
    ],
  ],
  [
    'other ways to change objects',
    production('replacements: []\ntransformers: [x.yaml]\nconfigMapGenerator: []\n'),
    [
      'Kustomization "production": not applied are replacements and transformers. What depends on them is not judged.',
    ],
  ],
  [
    'remote resources and charts',
    production('bases: ["https://a.b/c"]\nhelmCharts: [{name: x}]\n'),
    [
      'Kustomization "production": not applied are helmCharts and remote resources. What depends on them is not judged.',
    ],
  ],
  [
    'a circle',
    {
      ...production('components: [.., ../base, ../production]\n'),
      '/w/base/kustomization.yaml':
        'resources: [policy.yaml, ../production]\ncomponents: [../base]\n',
    },
    [
      'Kustomization "production": not applied are "." (not here). What depends on them is not judged.',
    ],
  ],
  [
    'nonsense',
    production(
      'patches: {a: b}\nlabels: x\ncomponents: [[]]\nnamePrefix: [1]\npatchesStrategicMerge: [{}]\n',
    ),
    [],
  ],
])('bears %s', (_, files, notices) => {
  const meshes = load(files)
  expect(meshes.notices).toEqual(notices)
  expect(told(meshes).flat()).toEqual([])
})

it('tells once of the kustomizations of which something is not applied, and no more than a few', () => {
  const files = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [
      `/w/o${String(index)}/kustomization.yaml`,
      'resources: [../base]\nvars: []\n',
    ]),
  )
  const { notices } = load({
    ...BASE,
    '/w/base/kustomization.yaml': 'resources: [ns.yaml]\nvars: []\n',
    ...files,
  })
  expect(notices).toHaveLength(6)
  expect(
    notices.filter((notice) => notice.startsWith('Kustomization "base"')).length,
  ).toBeLessThanOrEqual(1)
  expect(notices.at(-1)).toBe('Of 5 more kustomizations something is not applied.')
})

it('tells once of charts whose templates are passed over', () => {
  const template = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n'
  expect(
    load({
      '/w/a/Chart.yaml': 'name: a\n',
      '/w/a/templates/x.yaml': template,
      '/w/a/templates/y.yaml': template,
    }).notices,
  ).toEqual([
    'The Helm chart "a": its templates are not rendered, and what they make is taken as unknown (check the output of "helm template").',
  ])
  expect(
    load({
      '/w/a/Chart.yaml': 'name: a\n',
      '/w/a/templates/x.yaml': template,
      '/w/Chart.yaml': 'name: b\n',
      '/w/templates/y.yaml': template,
    }).notices,
  ).toEqual([
    '2 Helm charts "a", ".": their templates are not rendered, and what they make is taken as unknown (check the output of "helm template").',
  ])
  expect(
    load({ '/w/a/Chart.yaml': 'name: a\n', '/w/a/templates/x.yaml': ACCOUNT }).notices,
  ).toEqual([])
})

it('reads again only what a patch can be for', () => {
  const files = production('patches: [{path: patch.yaml}]\n', { '/w/production/patch.yaml': PATCH })
  const meshes = load(files)
  files['/w/production/patch.yaml'] = PATCH.replace('GET', 'PUT')
  const { files: stale, parsed } = meshes.update([
    { file: '/w/production/patch.yaml', text: files['/w/production/patch.yaml'], open: true },
  ])
  expect([...stale].sort()).toEqual(['/w/base/policy.yaml', '/w/production/patch.yaml'])
  expect(parsed).toBe(2)
})

const VARIANTS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  '/w/base/kustomization.yaml': [
    BASE['/w/base/kustomization.yaml'],
    undefined,
    'resources: [policy.yaml, app.yaml]\nlabels: [{pairs: {x: y}, includeSelectors: true}]\n',
    'resources: [../production]\n',
  ],
  '/w/base/policy.yaml': [
    POLICY,
    undefined,
    `${POLICY}        notNamespaces: [x]\n`,
    `${POLICY}---\n${POLICY.replace('readers', 'p-readers')}`,
  ],
  '/w/base/app.yaml': [APP, `${APP}---\n${NAMESPACE}`],
  '/w/base/account.yaml': [ACCOUNT, undefined, ACCOUNT.replace('name: api', 'name: other')],
  '/w/base/ns.yaml': [NAMESPACE, NAMESPACE.replace('ambient', 'none')],
  '/w/production/kustomization.yaml': [
    undefined,
    'namespace: production\nresources: [../base]\npatches: [{path: patch.yaml}]\n',
    'namespace: production\nnamePrefix: p-\nresources: [../base]\ncomponents: [../c]\n',
    'resources: [../base\n',
    'namespace: production\nresources: [../base]\nlabels:\n- pairs: {istio.io/dataplane-mode: nope}\npatches:\n- target: {kind: AuthorizationPolicy}\n  patch: |-\n    - {op: add, path: /spec/action, value: AUDIT}\n',
    '\n\nnamespace: production\nresources: [../base]\nlabels:\n- pairs: {istio.io/dataplane-mode: nope}\n',
  ],
  '/w/production/patch.yaml': [
    undefined,
    PATCH,
    `# moved\n${PATCH}`,
    PATCH.replace('GET', 'PUT'),
    '$patch: delete\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api}\n',
    ': [\n',
  ],
  '/w/c/kustomization.yaml': [
    undefined,
    'kind: Component\nnameSuffix: -c\npatches: [{path: ../production/patch.yaml}]\n',
  ],
  '/w/staging/kustomization.yaml': [undefined, BASE['/w/staging/kustomization.yaml']],
}
const NAMES = Object.keys(VARIANTS)

it('finds after any edits what it finds from scratch', () => {
  const step = fc.record({
    file: fc.constantFrom(...NAMES),
    variant: fc.nat(5),
    open: fc.boolean(),
  })
  let findings = 0
  let patched = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 3, maxLength: 14 }), (steps) => {
      const files: Record<string, string> = {
        ...BASE,
        '/w/production/kustomization.yaml': VARIANTS['/w/production/kustomization.yaml']?.[1] ?? '',
        '/w/production/patch.yaml': PATCH,
      }
      const meshes = load(files)
      for (const { file, variant, open } of steps) {
        const variants = VARIANTS[file] ?? []
        const text = variants[variant % variants.length]
        if (text === undefined) Reflect.deleteProperty(files, file)
        else files[file] = text
        const asked = new Map(
          meshes
            .files()
            .map((known) => [
              known,
              meshes
                .analysesOf(known)
                .map((analysis) => analysis.findingsOf(known).map(({ message }) => message)),
            ]),
        )
        const { files: stale } = meshes.update([{ file, text, open }])
        const moved = meshes.settle()
        for (const [known, messages] of asked) {
          if (!stale.has(known) && !moved.has(known))
            expect(
              meshes
                .analysesOf(known)
                .map((analysis) => analysis.findingsOf(known).map(({ message }) => message)),
            ).toEqual(messages)
        }
      }
      const scratch = load(files)
      expect(told(meshes).sort()).toEqual(told(scratch).sort())
      expect(objects(meshes)).toEqual(objects(scratch))
      findings += told(scratch).flat().length
      patched += told(scratch)
        .flat()
        .filter((line) => line.startsWith('/w/production/')).length
    }),
    // `npm run fuzz -- edits` draws thousands.
    { numRuns: 50 },
  )
  expect([findings > 40, patched > 20]).toEqual([true, true])
})
