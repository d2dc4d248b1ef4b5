import { expect, it } from 'vitest'
import { ClosedMesh, closedMeshOf } from '../analysis/closedMesh.js'
import { fixtureFolders } from '../testing/fixtureFiles.js'
import { analyse, type Files } from '../testing/index.js'
import { accessEffect } from './accessEffect.js'
import { compareAccess } from './compareAccess.js'
import { destinationKey } from './destinations.js'
import { Planner } from './plan.js'

const AMBIENT = 'istio.io/dataplane-mode: ambient'
const labelledFile = (files: Files): string | undefined =>
  Object.keys(files).find((file) => files[file]?.includes(AMBIENT))

const LABELLED = fixtureFolders('field').filter(([, files]) => labelledFile(files) !== undefined)
const SOME = LABELLED.filter((_, index) => index % 12 === 0)

it.each(SOME)(
  'an enrolment that is removed or added has an effect where a comparison of all clients has it: %s',
  (_, files) => {
    const file = labelledFile(files) ?? ''
    const text = files[file]?.replace(AMBIENT, 'istio.io/dataplane-mode: none')
    const analysis = analyse(files)
    const with_ = closedMeshOf(analysis).mesh
    new ClosedMesh(analysis).withChange(analysis.preview([{ file, text }]), (without) => {
      for (const [before, after] of [
        [with_, without],
        [without, with_],
      ] as const) {
        const { opens, allows, closes } = accessEffect(before, after, [])
        const compared = compareAccess(before, after)
        const changed = new Set(compared.changes.map(({ target }) => destinationKey(target)))
        const effect = [...opens, ...allows, ...closes].map(({ target }) => destinationKey(target))
        // A comparison has no port of a pod that declares none.
        expect([...changed].filter((key) => !effect.includes(key))).toEqual([])
        for (const { target, box } of [...opens, ...allows, ...closes])
          if ('service' in target) {
            expect(changed).toContain(destinationKey(target))
            expect(compared.changeOf(box.witness)).toBeDefined()
          }
      }
    })
  },
)

it('only the classes of clients are evaluated that a change touches', () => {
  const mesh = (mode: string): string => `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Namespace
metadata: {name: tools, labels: {istio.io/dataplane-mode: ${mode}}}
---
apiVersion: v1
kind: Pod
metadata: {name: cron, namespace: tools}
spec: {serviceAccountName: cron, containers: [{name: cron, image: cron}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop}
spec: {serviceAccountName: api, containers: [{name: api, image: api, ports: [{containerPort: 80}]}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: a, namespace: shop}
spec: {rules: [{from: [{source: {serviceAccounts: [shop/web, tools/cron]}}]}]}
`
  const meshes = ['none', 'ambient'].map(
    (mode) => closedMeshOf(analyse({ 'mesh.yaml': mesh(mode) })).mesh,
  )
  const planner = new Planner(meshes)
  const plan = planner.plan({ workload: 'shop/api', port: 80 })
  if (!plan || !('parts' in plan)) throw new Error('The workload has a plan.')
  const accounts = (parts: typeof plan.parts): readonly string[] =>
    parts.flatMap(({ dimensions: [client] }) =>
      (client?.classes ?? []).map(({ witness: { from } }) => from?.serviceAccount ?? 'none'),
    )
  expect(accounts(plan.parts).length).toBeGreaterThan(3)
  expect([...new Set(accounts(planner.withOtherClients(plan.parts)))]).toEqual(['cron'])
})
