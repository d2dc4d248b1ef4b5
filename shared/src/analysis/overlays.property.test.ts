import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  ACCOUNT,
  APP,
  BASE,
  describeObjects,
  findingsByMesh,
  loadWorkspace,
  NAMESPACE,
  PATCH,
  POLICY,
} from '../testing/overlays.js'
import { replaceIn } from '../testing/replaceIn.js'
import { runs } from '../testing/runs.js'

/** Texts that an edit may give to each file; undefined removes it. */
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
    `${POLICY}---\n${replaceIn(POLICY, ['readers', 'p-readers'])}`,
  ],
  '/w/base/app.yaml': [APP, `${APP}---\n${NAMESPACE}`],
  '/w/base/account.yaml': [ACCOUNT, undefined, replaceIn(ACCOUNT, ['name: api', 'name: other'])],
  '/w/base/ns.yaml': [NAMESPACE, replaceIn(NAMESPACE, ['ambient', 'none'])],
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
    replaceIn(PATCH, ['GET', 'PUT']),
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

it('after any edits, findings and objects are those of a workspace that is read from the start', () => {
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
      const meshes = loadWorkspace(files)
      for (const { file, variant, open } of steps) {
        const variants = VARIANTS[file] ?? []
        const text = variants[variant % variants.length]
        if (text === undefined) Reflect.deleteProperty(files, file)
        else files[file] = text
        const before = new Map(
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
        const regrouped = meshes.updateMeshRoots()
        for (const [known, messages] of before) {
          if (!stale.has(known) && !regrouped.has(known))
            expect(
              meshes
                .analysesOf(known)
                .map((analysis) => analysis.findingsOf(known).map(({ message }) => message)),
            ).toEqual(messages)
        }
      }
      const scratch = loadWorkspace(files)
      expect(findingsByMesh(meshes).sort()).toEqual(findingsByMesh(scratch).sort())
      expect(describeObjects(meshes)).toEqual(describeObjects(scratch))
      findings += findingsByMesh(scratch).flat().length
      patched += findingsByMesh(scratch)
        .flat()
        .filter((line) => line.startsWith('/w/production/')).length
    }),
    // `npm run fuzz -- edits` draws thousands.
    { numRuns: runs(25) },
  )
  expect([findings > runs(20), patched > runs(10)]).toEqual([true, true])
})
