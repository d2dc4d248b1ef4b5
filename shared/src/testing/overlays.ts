import { WorkspaceMeshes } from '../analysis/workspaceMeshes.js'
import { describeFindings } from './checkFiles.js'
import { replaceIn } from './replaceIn.js'

export const POLICY = `apiVersion: security.istio.io/v1
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
export const APP = `apiVersion: apps/v1
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
export const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api}\n'
export const NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: any\n  labels: {istio.io/dataplane-mode: ambient}\n'
/** A patch that makes the rule of `POLICY` one that ztunnel drops. */
export const PATCH = `# added in production
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
/** An object in the namespace `shop`. */
export const inShop = (text: string): string =>
  replaceIn(
    text,
    text.includes('metadata:\n')
      ? ['metadata:\n', 'metadata:\n  namespace: shop\n']
      : ['metadata: {', 'metadata: {namespace: shop, '],
  )
/** A base with an ambient namespace, and an overlay that only sets the namespace. */
export const BASE = {
  '/w/base/kustomization.yaml': 'resources: [policy.yaml, app.yaml, account.yaml, ns.yaml]\n',
  '/w/base/policy.yaml': POLICY,
  '/w/base/app.yaml': APP,
  '/w/base/account.yaml': ACCOUNT,
  '/w/base/ns.yaml': NAMESPACE,
  '/w/staging/kustomization.yaml': 'namespace: staging\nresources: [../base]\n',
}

/** Reads the files as the workspace folder `/w`. */
export function loadWorkspace(files: Record<string, string>): WorkspaceMeshes {
  const meshes = new WorkspaceMeshes('/w', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    readText: (file) => files[file],
  })
  meshes.update(Object.entries(files).map(([file, text]) => ({ file, text })))
  meshes.updateMeshRoots()
  return meshes
}

/** The findings of each mesh that has files. */
export function findingsByMesh(meshes: WorkspaceMeshes): string[][] {
  return meshes
    .analyses()
    .filter(({ files }) => files.size > 0)
    .map(describeFindings)
}

/** Every object of the meshes, with the fields that kustomizations change. */
export function describeObjects(meshes: WorkspaceMeshes): string[] {
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

/** `BASE` with an overlay `production`, which has the given fields. */
export const production = (
  kustomization: string,
  files: Record<string, string> = {},
): Record<string, string> => ({
  ...BASE,
  '/w/production/kustomization.yaml': `namespace: production\nresources: [../base]\n${kustomization}`,
  ...files,
})
