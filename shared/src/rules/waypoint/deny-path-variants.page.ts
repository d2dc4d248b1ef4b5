import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const withRule = (action: string, rule: string): string =>
  `${SHOP}---\n${COMPANION}---\n${allowGetAt(TARGETS_API)
    .replace('name: allow-get', 'name: no-admin')
    .replace(
      / {2}action:[^]*/,
      `  action: ${action}\n  rules:\n    - to:\n        - operation:\n            ${rule}\n`,
    )}`

export const denyPathVariantsPage: RuleDocs = {
  summary: 'A DENY at a waypoint goes by paths that can be written in other ways, which pass it.',
  why: `Before a waypoint compares a path, it resolves dot segments, decodes \`%XX\` of harmless characters and reads \`\\\` as \`/\`. That is all: a double slash, a trailing slash, a path parameter (\`;a=b\`) and capitals stay, so none of \`/admin/\`, \`//admin\`, \`/admin;a=b\` and \`/ADMIN\` is \`/admin\`. Many servers treat some of them as \`/admin\`. What is forbidden by its path can then be had under another; an ALLOW by \`notPaths\` forbids in the same way.`,
  bad: withRule('DENY', 'paths: ["/admin", "/admin/*"]'),
  good: withRule('ALLOW', 'paths: ["/catalog", "/catalog/*"]'),
  fix: 'Turn the policy into an ALLOW of the paths that are wanted: what is written otherwise is refused then. Otherwise make sure that the server, too, takes these paths for different ones.',
  references: [
    'https://istio.io/latest/docs/ops/best-practices/security/#understand-path-normalization',
    'istio/istio pilot/pkg/security/authz/model/model.go',
  ],
}
