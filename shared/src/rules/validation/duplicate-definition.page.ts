import type { RuleDocs } from '../rule.js'

const policy = (account: string): string => `apiVersion: security.istio.io/v1
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
            serviceAccounts: ["shop/${account}"]
`

export const duplicateDefinitionPage: RuleDocs = {
  summary:
    'One object is defined twice with different content, and only one of the two can be in the cluster.',
  why: `Files that are applied together overwrite each other: the cluster has what was applied last. More often such files are **variants** that are never applied together, an example for each way to do it, a folder for each cluster. Either way the files do not tell what is enforced, so whatever depends on the object is judged with care: no finding is made that would not hold for each variant.

Copies that say the same are no matter, and neither are differences that no policy, identity or enrolment depends on, such as the image or the number of replicas.`,
  bad: `${policy('web')}---
${policy('cart')}`,
  good: policy('web'),
  fix: 'Remove the one that is not applied, or set `meshRoots` to the folders that are each a mesh of their own.',
  references: [
    'https://kubernetes.io/docs/reference/using-api/api-concepts/',
    'https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/',
  ],
}
