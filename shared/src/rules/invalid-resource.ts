import { nearMiss } from '../mesh/nearMiss.js'
import type { DecodeProblem, Repair } from '../resources/objectReader.js'
import type { Resource } from '../resources/resource.js'
import type { Edit, Fix } from './fix.js'
import { defineRule } from './rule.js'

/**
 * The rule that alone says of an object that it is refused. Rules that tell more of a refusal, such as `target-namespace-set`, stand beside this one:
 * whoever looks for what the API server refuses finds all of it here.
 */
const REPORTED_ELSEWHERE = 'selector-and-target-refs'

export const invalidResource = defineRule({
  name: 'invalid-resource',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'Gateway', 'PeerAuthentication', 'RequestAuthentication'],
  reads: [],
  docs: {
    summary: 'The API server or istiod refuses the object when it is applied.',
    why: `Before an object is stored, the API server holds it against the schema and the CEL rules of its kind, refuses fields that the schema does not know (as \`kubectl\` asks for by default), and lets istiod's admission webhook look at it. What is refused is not enforced, and after an edit the version before stays in force.

Values are judged as the API server receives them. \`kubectl\` reads YAML 1.1, so \`80\` is a number and \`yes\`, \`on\` and \`off\` are booleans where a string is asked for. Values that another tool fills in (\`\${X}\`, \`{{ … }}\`) are not judged.`,
    bad: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            principals: ["cluster.local/ns/shop/sa/web"]
      to:
        - operation:
            ports: [8080]
`,
    good: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            principals: ["cluster.local/ns/shop/sa/web"]
      to:
        - operation:
            ports: ["8080"]
`,
    fix: 'Correct the field that the message names. Misspelt fields and values get their likely name; numbers in lists of strings get quotes.',
    references: [
      'istio/api kubernetes/customresourcedefinitions.gen.yaml',
      'istio/istio pkg/config/validation/validation.go (ValidateAuthorizationPolicy, ValidatePeerAuthentication, ValidateRequestAuthentication)',
      'istio/istio pkg/config/security/security.go',
      'https://kubernetes.io/docs/reference/using-api/api-concepts/#validation-for-unrecognized-or-duplicate-fields',
    ],
  },
  check(subject, { report }) {
    for (const problem of subject.problems) {
      if (problem.rule === REPORTED_ELSEWHERE) continue
      report({ message: problem.message, path: problem.path, on: problem.on ?? 'value', fixes: () => fixesOf(subject, problem) })
    }
  },
})

function fixesOf(resource: Resource, { path, repair }: DecodeProblem): Fix[] {
  if (!repair) return []
  const set = (value: string): Edit => ({ op: 'set', resource, path, value })
  const fix = (title: string, edit: Edit, safe = false): Fix[] => [{ title, preferred: true, safe, edits: [edit] }]
  switch (repair.kind) {
    // The value stays what it was meant to be: the policy is applied as it is written.
    case 'quote':
      return fix(`Write "${repair.text}" in quotes`, set(repair.text), true)
    case 'replace':
      return fix(`Change to ${repair.value}`, set(repair.value))
    case 'rename-key': {
      const to = nearMiss(String(path.at(-1)), repair.among)
      return to === undefined ? [] : fix(`Rename to ${to}`, { op: 'rename', resource, path, to })
    }
    case 'choose-value': {
      const to = choice(repair)
      return to === undefined ? [] : fix(`Change to ${to}`, set(to))
    }
  }
}

/** The one value that the written one was meant to be. */
function choice({ written, among }: Extract<Repair, { kind: 'choose-value' }>): string | undefined {
  const upper = written.toUpperCase()
  return among.find((value) => value === upper) ?? nearMiss(upper, among)
}
