import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const withRule = (action: string, rule: string): string =>
  `${allowGetAt(TARGETS_API)
    .replace('name: allow-get', 'name: no-admin')
    .replace(
      / {2}action:[^]*/,
      `  action: ${action}\n  rules:\n    - to:\n        - operation:\n            ${rule}\n`,
    )}---\n${COMPANION}---\n${SHOP}`

export const denyPathVariantsPage: RuleDocs = {
  summary:
    'A DENY on a path can be bypassed with another spelling of the path (`//admin`, `/admin/`).',
  why: `A waypoint normalizes a path before it compares it: it resolves dot segments, decodes \`%XX\` of unreserved characters and replaces \`\\\` with \`/\`. It does not change double slashes, trailing slashes, path parameters (\`;a=b\`) or capital letters. So \`/admin/\`, \`//admin\`, \`/admin;a=b\` and \`/ADMIN\` do not match \`/admin\`.

Many servers treat some of these spellings as \`/admin\`. A client can then bypass the DENY with another spelling. \`notPaths\` in an ALLOW has the same problem.`,
  bad: withRule('DENY', 'paths: ["/admin", "/admin/*"] # ← does not match //admin'),
  good: withRule('ALLOW', 'paths: ["/catalog", "/catalog/*"]'),
  fix: 'Use an ALLOW with the wanted paths: other spellings are then denied. Or make sure that the server treats these spellings as different paths.',
  references: [
    'https://istio.io/latest/docs/ops/best-practices/security/#understand-path-normalization',
    'istio/istio pilot/pkg/security/authz/model/model.go',
  ],
}
