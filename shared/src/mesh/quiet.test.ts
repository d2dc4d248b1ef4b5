import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { analyse, describeFindings, findingsOf, replaceAllIn, replaceIn } from '../testing/index.js'

const ROOT = fileURLToPath(new URL('../../../test-fixtures/quiet/', import.meta.url))

function filesOf(workspace: string): Record<string, string> {
  const names = readdirSync(`${ROOT}${workspace}`, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  )
  return Object.fromEntries(
    names.map(({ parentPath, name }) => {
      const path = `${parentPath}/${name}`
      return [path.slice(ROOT.length + workspace.length + 1), readFileSync(path, 'utf8')]
    }),
  )
}

type Change = (file: string, text: string) => string | undefined

const without =
  (gone: string): Change =>
  (file, text) =>
    file.endsWith(gone) ? undefined : text
const replacing =
  (pattern: string | RegExp, by: string): Change =>
  (_, text) =>
    text.replaceAll(pattern, by)
const withoutObject =
  (name: string): Change =>
  (_, text) =>
    text
      .split('---\n')
      .filter((document) => !document.includes(`\n  name: ${name}\n`))
      .join('---\n')
const OTHERS = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: other, namespace: shop}
spec: {template: {metadata: {labels: {app: other}}, spec: {containers: [{name: c, ports: [{containerPort: 1}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: shop}
spec: {selector: {app: other}, ports: [{port: 80, targetPort: 1}]}
`
const SHOP =
  '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}\n'
const adding =
  (documents: string): Change =>
  (_, text) =>
    text + documents

/** The same workspaces without what keeps them quiet, and what must be found then: proof that the silence above is not for want of something to say. */
const AWAKE: readonly (readonly [string, Change, readonly string[]])[] = [
  ['helm-chart', without('Chart.yaml'), ['disable-mode-is-permissive']],
  [
    'argo-cd',
    (file, text) => (file.startsWith('application') ? undefined : text),
    ['selector-matches-nothing', 'target-not-found'],
  ],
  [
    'kustomize-patches',
    replacing('  - path: policy-patch.yaml', '  - path: other.yaml'),
    ['empty-selector'],
  ],
  [
    'kustomize-patches',
    replacing('  - peer-patch.yaml', '  - other.yaml'),
    ['disable-mode-is-permissive'],
  ],
  [
    'embedded-manifests',
    (file, text) =>
      file === 'config-map.yaml'
        ? replaceIn(text.slice(text.indexOf('apiVersion: security'), text.indexOf('  mesh: |')), [
            /^ {4}/gm,
            '',
          ])
        : text,
    ['empty-selector'],
  ],
  [
    'placeholders',
    (_, text) =>
      replaceAllIn(
        text,
        ['${MTLS_MODE}', 'DISABLE'],
        ['${MODE}', 'ambient'],
        ['"###MODE###"', 'ambient'],
        ['"{{ .app }}"', 'api'],
        ['${APP}', 'api'],
      ),
    ['disable-mode-is-permissive'],
  ],
  ['unnamed-namespaces', without('one/app.yaml'), ['selector-matches-nothing']],
  ['generated-objects', withoutObject('ingress'), ['selector-matches-nothing']],
  [
    'labelled-elsewhere',
    replacing('sidecar.istio.io/inject: "true"', 'x: y'),
    ['l7-allow-rule-dropped', 'disable-mode-is-permissive'],
  ],
  [
    'not-ambient',
    replacing('istio-injection: enabled', 'istio.io/dataplane-mode: ambient'),
    ['l7-allow-rule-dropped', 'action-not-enforced', 'disable-mode-is-permissive'],
  ],
  [
    'undiscovered',
    replacing('discover: "yes"', 'kubernetes.io/metadata.name: hidden'),
    ['l7-allow-rule-dropped'],
  ],
  ['policies-alone', adding(SHOP + OTHERS), ['selector-matches-nothing', 'target-not-found']],
  ['half-described', adding(OTHERS), ['selector-matches-nothing', 'target-not-found']],
  ['helm-release', without('release.yaml'), ['selector-matches-nothing', 'target-not-found']],
  ['flux-kustomization', without('sync.yaml'), ['selector-matches-nothing', 'target-not-found']],
  ['rollout', without('rollout.yaml'), ['selector-matches-nothing', 'target-not-found']],
  ['remote-base', without('kustomization.yaml'), ['selector-matches-nothing', 'target-not-found']],
  ['chart-dependency', without('Chart.yaml'), ['selector-matches-nothing', 'target-not-found']],
  [
    'opaque-kinds',
    (_, text) =>
      text
        .replaceAll('${APP}', 'some')
        .replaceAll('${NAMESPACE}', 'shop')
        .replaceAll('${WAYPOINT}', 'waypoint'),
    ['selector-matches-nothing', 'target-not-found', 'waypoint-not-found'],
  ],
  ['gateway-policies', replacing('istio: egressgateway', 'app: tool'), ['l7-allow-rule-dropped']],
  ['gateway-policies', withoutObject('own-labels'), ['selector-matches-nothing']],
  ['gateway-policies', replacing('kind: HTTPRoute', 'kind: NoRoute'), ['target-not-a-waypoint']],
  ['auto-allow-waypoint', without('install-values.yaml'), ['waypoint-bypass']],
  [
    'union-of-policies',
    withoutObject('waypoint\n  namespace: shop\nspec:\n  selector:'),
    ['waypoint-identity-denied'],
  ],
]

describe.each(readdirSync(ROOT).sort())('%s', (workspace) => {
  it('is silent', () => {
    expect(describeFindings(analyse(filesOf(workspace)))).toEqual([])
  })
})

describe('the same without what is not known', () => {
  it.each(AWAKE.map(([workspace, change, rules]) => ({ workspace, change, rules })))(
    '$workspace: $rules',
    ({ workspace, change, rules }) => {
      const files = Object.entries(filesOf(workspace)).flatMap(([file, text]) => {
        const changed = change(file, text)
        return changed === undefined ? [] : [[file, changed] as const]
      })
      const found = new Set(findingsOf(analyse(Object.fromEntries(files))).map(({ rule }) => rule))
      expect([...found]).toEqual(expect.arrayContaining([...rules]))
    },
  )
})
