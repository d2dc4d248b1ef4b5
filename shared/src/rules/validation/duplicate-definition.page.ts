import type { RuleDocs } from '../rule.js'

const policy = (account: string, mark = ''): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: api-callers
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/${account}"]${mark}
`

export const duplicateDefinitionPage: RuleDocs = {
  summary:
    'An object has two definitions with different content, and only one can be in the cluster.',
  why: `If the files are applied together, the definition that is applied last is in the cluster. More often these files are **variants** that are never applied together, such as one folder for each cluster. In both cases these files do not show what is enforced. So every finding that depends on the object is reported only if it is true in each variant.

There is one finding for all objects that the same folders define differently. Identical copies are fine. Differences that affect no policy, identity or enrolment, such as the image or the number of replicas, are ignored.`,
  bad: `${policy('web')}---
${policy('cart', ' # ← differs')}`,
  good: policy('web'),
  fix: 'Remove the definition that is not applied, or set `meshRoots` to the folders that are separate meshes.',
  references: [
    'https://kubernetes.io/docs/reference/using-api/api-concepts/',
    'https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/',
  ],
}
