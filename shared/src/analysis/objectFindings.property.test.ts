import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ACCOUNT, APP, inShop, NAMESPACE, PATCH, POLICY } from '../testing/overlays.js'
import { replaceIn } from '../testing/replaceIn.js'
import { runs } from '../testing/runs.js'
import type { Analysis } from './analysis.js'
import { WorkspaceMeshes } from './workspaceMeshes.js'

const POLICY_OF_ROOT =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: istio-system}\nspec: {}\n'
const STRICT =
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: all, namespace: shop}\nspec: {mtls: {mode: STRICT}}\n'
const WAYPOINT =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: waypoint, namespace: shop}\nspec:\n  gatewayClassName: istio-waypoint\n  listeners: [{name: mesh, port: 15008, protocol: HBONE}]\n'
const TEMPLATE = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .name }}}\n'
const INSTALL =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |-\n    trustDomain: td.example\n'
const BROKEN = ': [\n'

const SHOP = replaceIn(NAMESPACE, ['any', 'shop'])
const L7_POLICY = `${POLICY}    to: [{operation: {methods: ["GET"]}}]\n`
const OTHER_APP = replaceIn(APP, ['name: api', 'name: other'])

/** Texts that an edit may give to each file; undefined removes it. */
const FILES: Readonly<Record<string, readonly (string | undefined)[]>> = {
  '/w/base/kustomization.yaml': [
    'resources: [ns.yaml, app.yaml, policy.yaml, account.yaml, more.yaml]\n',
    'resources: [ns.yaml, app.yaml, policy.yaml, account.yaml]\n',
    'resources: [ns.yaml, app.yaml, policy.yaml, more.yaml]\nlabels: [{pairs: {x: y}}]\n',
  ],
  '/w/base/ns.yaml': [SHOP, replaceIn(SHOP, ['ambient', 'none']), undefined],
  '/w/base/app.yaml': [inShop(APP), inShop(replaceIn(APP, ['app: api', 'app: web'])), BROKEN],
  '/w/base/policy.yaml': [inShop(POLICY), inShop(L7_POLICY), `# moved\n${inShop(POLICY)}`],
  '/w/base/account.yaml': [inShop(ACCOUNT), undefined],
  '/w/base/more.yaml': [
    inShop(replaceIn(POLICY, ['readers', 'more'])),
    inShop(replaceIn(L7_POLICY, ['readers', 'more'], ['sa/web', 'sa/gone'])),
    `${inShop(OTHER_APP)}---\n${inShop(POLICY)}`,
    undefined,
  ],
  ...Object.fromEntries(
    ['one', 'two', 'three'].flatMap((overlay, index) => [
      [
        `/w/${overlay}/kustomization.yaml`,
        [
          index === 1 ? 'resources: [../base]\n' : 'resources: [../base, own.yaml]\n',
          'resources: [../base, own.yaml]\n',
          'resources: [../base]\npatches: [{path: patch.yaml}]\n',
          'namespace: other\nresources: [../base]\n',
          'resources: [../base, https://example.com/remote]\n',
          undefined,
        ],
      ],
      [
        `/w/${overlay}/own.yaml`,
        [
          inShop(OTHER_APP),
          POLICY_OF_ROOT,
          STRICT,
          WAYPOINT,
          INSTALL,
          replaceIn(INSTALL, ['td', `td${String(index)}`]),
          TEMPLATE,
          inShop(L7_POLICY),
          inShop(POLICY),
          replaceIn(inShop(replaceIn(ACCOUNT, ['name: api', 'name: web'])), ['shop', 'web']),
          replaceIn(SHOP, ['ambient', 'none']),
          undefined,
        ],
      ],
      [
        `/w/${overlay}/patch.yaml`,
        [inShop(PATCH), inShop(replaceIn(PATCH, ['GET', 'PUT'])), undefined],
      ],
    ]),
  ),
  '/w/outside.yaml': [undefined, POLICY_OF_ROOT, inShop(OTHER_APP)],
}
const NAMES = Object.keys(FILES)

function load(files: Readonly<Record<string, string>>, lends: boolean): WorkspaceMeshes {
  const meshes = new WorkspaceMeshes('/w', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    lends,
    readText: (file) => files[file],
  })
  meshes.update(Object.entries(files).map(([file, text]) => ({ file, text })))
  meshes.updateMeshRoots()
  return meshes
}

/** The findings of a file in one mesh. */
function describe(analysis: Analysis, file: string): string[] {
  return analysis
    .locatedFindingsOf(file)
    .map(({ finding: { rule, level, message, assumptions, related }, range }) =>
      JSON.stringify([
        file,
        rule,
        level,
        message,
        assumptions,
        range,
        related.map((fact) => fact.message),
      ]),
    )
}

/** The same in all its meshes, whose order depends on the edits. */
function describeInMeshes(meshes: WorkspaceMeshes, file: string): string[] {
  return meshes
    .analysesOf(file)
    .map((analysis) => describe(analysis, file).join('\n'))
    .toSorted()
}

/** The fixes in all meshes, in the order of the files. */
function fixesOf(meshes: WorkspaceMeshes): string[] {
  return meshes
    .files()
    .toSorted()
    .flatMap((file) =>
      meshes
        .analysesOf(file)
        .flatMap((analysis) => analysis.locatedFindingsOf(file))
        .flatMap(({ finding: { fixes } }) => fixes)
        .map(({ title, edits }) => `${title} ${edits.map(({ op }) => op).join(' ')}`)
        // The order of the meshes depends on the edits.
        .toSorted(),
    )
}

function describeAll(meshes: WorkspaceMeshes): Map<string, string[]> {
  return new Map(
    meshes
      .files()
      .toSorted()
      .map((file) => [file, describeInMeshes(meshes, file)]),
  )
}

it('overlays that take findings from each other have those that each has alone', () => {
  const step = fc.record({
    file: fc.constantFrom(...NAMES),
    variant: fc.nat(11),
    open: fc.boolean(),
  })
  const first = fc.record(
    Object.fromEntries(NAMES.map((name) => [name, fc.nat((FILES[name] ?? []).length - 1)])),
  )
  const counts = { findings: 0, borrowing: 0 }
  fc.assert(
    fc.property(first, fc.array(step, { maxLength: 6 }), (chosen, steps) => {
      const files: Record<string, string> = {}
      for (const name of NAMES) {
        const text = FILES[name]?.[chosen[name] ?? 0]
        if (text !== undefined) files[name] = text
      }
      const meshes = load(files, true)
      let published = describeAll(meshes)
      const alone = load(files, false)
      expect(published).toEqual(describeAll(alone))
      expect(fixesOf(load(files, true))).toEqual(fixesOf(alone))
      for (const { file, variant, open } of steps) {
        const variants = FILES[file] ?? []
        const text = variants[variant % variants.length]
        if (text === undefined) Reflect.deleteProperty(files, file)
        else files[file] = text
        const stale = meshes.update([{ file, text, open }]).files
        const regrouped = meshes.updateMeshRoots()
        // Only the findings of these files are read again.
        for (const name of new Set([...stale, ...regrouped]))
          published.set(name, describeInMeshes(meshes, name))
        const fresh = load(files, false)
        const scratch = describeAll(fresh)
        for (const [name, expected] of scratch) expect(published.get(name)).toEqual(expected)
        published = describeAll(meshes)
        expect(published).toEqual(scratch)
        expect(fixesOf(meshes)).toEqual(fixesOf(fresh))
        counts.findings += [...scratch.values()].flat().filter((text) => text !== '').length
        counts.borrowing += meshes.analyses().filter(({ lender }) => lender !== undefined).length
      }
    }),
    { numRuns: runs(10) },
  )
  expect([counts.findings > runs(20), counts.borrowing > runs(5)]).toEqual([true, true])
})
