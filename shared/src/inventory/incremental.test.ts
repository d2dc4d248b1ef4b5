import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keys } from './indexKeys.js'
import { Analysis } from '../analysis/analysis.js'
import { analyse, describeFindings, findingsOf, replaceAllIn, replaceIn } from '../testing/index.js'
import { runs } from '../testing/runs.js'

const DOCUMENTS = [
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp}\n',
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {istio-injection: enabled}\n',
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n  labels: {istio.io/dataplane-mode: ambient}\n',
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\nspec:\n  template:\n    metadata: {labels: {app: api}}\n    spec: {serviceAccountName: api, containers: [{name: c, ports: [{containerPort: 8080}]}]}\n',
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    metadata: {labels: {app: api, istio.io/dataplane-mode: none}}\n',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: db, namespace: shop, labels: {app: db}}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec:\n  selector: {app: api}\n  ports: [{port: 80, targetPort: 8080}]\n',
  'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: client, namespace: web}\n',
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: wp, namespace: shop}\nspec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}\n',
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: wp, namespace: shop}\nspec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}\n',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: get, namespace: shop}\nspec:\n  selector: {matchLabels: {app: api}}\n  rules: [{from: [{source: {principals: [cluster.local/ns/web/sa/client]}}], to: [{operation: {methods: [GET]}}]}]\n',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: get}\nspec:\n  selector: {matchLabels: {app: api}}\n  rules: [{to: [{operation: {ports: ["80"], paths: [/x]}}]}]\n',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: deny, namespace: shop}\nspec:\n  action: DENY\n  rules: [{from: [{source: {namespaces: [wbe]}}], to: [{operation: {hosts: [a]}}]}]\n',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: at, namespace: shop}\nspec:\n  targetRefs: [{kind: Service, group: "", name: api}]\n  rules: [{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}]\n',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: at, namespace: shop}\nspec:\n  targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: wp2}]\n',
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: strict, namespace: shop}\nspec: {mtls: {mode: STRICT}}\n',
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: port, namespace: shop}\nspec: {selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}, portLevelMtls: {80: {mode: DISABLE}}}\n',
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: mesh, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n',
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: ext, namespace: shop}\nspec: {hosts: [a.b], ports: [{number: 443, name: tls, protocol: TLS}]}\n',
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 8080}]}]}\n',
  'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: r\n  namespace: shop\n',
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n',
  'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: i}\nspec: {profile: ambient, meshConfig: {rootNamespace: istio-system, trustDomain: td}}\n',
  '# a comment\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: broken\n',
] as const

const CONTEXT = [
  undefined,
  'namespace: shop\nresources: [x.yaml, y.yaml]\n',
  'resources: [x.yaml]\npatches: [{path: y.yaml}]\n',
  'resources: [https://a.b/c]\n',
] as const

interface Step {
  readonly file: string
  readonly documents: readonly number[] | undefined
  readonly open: boolean
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      file: fc.constantFrom('x.yaml', 'y.yaml', 'a/z.yaml'),
      documents: fc.option(fc.array(fc.nat(DOCUMENTS.length - 1), { maxLength: 5 }), {
        nil: undefined,
        freq: 6,
      }),
      open: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      file: fc.constant('kustomization.yaml'),
      documents: fc.array(fc.nat(CONTEXT.length - 1), { minLength: 1, maxLength: 1 }),
      open: fc.boolean(),
    }),
  },
)

function textOf({ file, documents }: Step): string | undefined {
  if (file === 'kustomization.yaml') return CONTEXT[documents?.[0] ?? 0]
  return documents?.map((index) => DOCUMENTS[index]).join('---\n')
}

function newAnalysis(files: ReadonlyMap<string, string>): Analysis {
  return new Analysis({
    settings: {},
    world: 'open',
    levels: {},
    readText: (file) => files.get(file),
  })
}

function describe(analysis: Analysis): string[] {
  return [
    ...describeFindings(analysis),
    ...findingsOf(analysis)
      .flatMap(({ rule, assumptions }) =>
        assumptions.map((assumption) => `${rule} assumes ${assumption}`),
      )
      .sort(),
  ]
}

it('after any edits the findings are those of a new analysis of the same files', () => {
  let findings = 0
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 2, maxLength: 12 }),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      (steps, checks) => {
        const files = new Map<string, string>()
        const analysis = newAnalysis(files)
        for (const [index, given] of steps.entries()) {
          const text = textOf(given)
          if (text === undefined) files.delete(given.file)
          else files.set(given.file, text)
          const before = new Map([...analysis.files.keys()].map((file) => [file, [] as string[]]))
          const isChecked = checks[index] ?? false
          if (isChecked)
            for (const file of before.keys())
              before.set(
                file,
                analysis.findingsOf(file).map(({ message }) => message),
              )
          const { files: stale } = analysis.update([{ file: given.file, text, open: given.open }])
          if (isChecked)
            for (const [file, messages] of before)
              if (!stale.has(file))
                expect(analysis.findingsOf(file).map(({ message }) => message)).toEqual(messages)
        }
        const scratch = newAnalysis(files)
        scratch.update([...files].map(([file, text]) => ({ file, text })))
        const expected = describe(scratch)
        expect(describe(analysis)).toEqual(expected)
        findings += expected.length
      },
    ),
    // `npm run fuzz -- edits` draws thousands.
    { numRuns: runs(75) },
  )
  expect(findings).toBeGreaterThan(runs(75))
})

it('no fact is recomputed where only the layout of the text changed', () => {
  const text = DOCUMENTS.slice(0, 1)
    .concat(DOCUMENTS[4], DOCUMENTS[11])
    .join('---\n')
    .replace('name: c,', 'name: c, image: w,')
  const analysis = analyse(text)
  const before = findingsOf(analysis)
  const { runs } = analysis.mesh
  const { parsed } = analysis.update([
    {
      file: 'test.yaml',
      text: replaceIn(
        text,
        ['image: w,', 'image: x,'],
        ['kind: AuthorizationPolicy', '# c\nkind: AuthorizationPolicy'],
      ),
      open: true,
    },
  ])
  expect(parsed).toBe(2)
  expect(findingsOf(analysis)).toEqual(before)
  expect(analysis.mesh.runs).toBe(runs)
})

it('an edited object recomputes only the facts that depend on it', () => {
  const others = Array.from(
    { length: 50 },
    (_, index) =>
      replaceIn(DOCUMENTS[4], [/\bapi\b/g, `other-${String(index)}`]) +
      '---\n' +
      replaceIn(
        DOCUMENTS[11],
        [/\bapi\b/g, `other-${String(index)}`],
        ['name: get', `name: get-${String(index)}`],
      ),
  )
  const text = [DOCUMENTS[0], DOCUMENTS[4], DOCUMENTS[11], ...others].join('---\n')
  const analysis = analyse(text)
  findingsOf(analysis)
  const { runs } = analysis.mesh
  analysis.update([
    { file: 'test.yaml', text: replaceIn(text, ['methods: [GET]', 'methods: [PUT]']), open: true },
  ])
  findingsOf(analysis)
  expect(analysis.mesh.runs - runs).toBeLessThan(60)
  expect(
    analysis.mesh.at('AuthorizationPolicy', keys.namespace('AuthorizationPolicy', 'shop')),
  ).toHaveLength(51)
})

it('the number of remembered facts does not grow with the number of edits', () => {
  const text = [DOCUMENTS[0], DOCUMENTS[4], DOCUMENTS[11]].join('---\n')
  const analysis = analyse(text)
  const sizeAfter = (method: string): number => {
    analysis.update([
      {
        file: 'test.yaml',
        text: replaceIn(text, ['methods: [GET]', `methods: [${method}]`]),
        open: true,
      },
    ])
    findingsOf(analysis)
    return analysis.mesh.size
  }
  const first = sizeAfter('PUT')
  for (const method of ['POST', 'HEAD', 'PATCH', 'DELETE', 'TRACE'])
    expect(sizeAfter(method)).toBe(first)
})

it('after many edits that name other objects, few facts about earlier names are remembered', () => {
  const others = Array.from({ length: 100 }, (_, index) =>
    replaceIn(DOCUMENTS[4], [/\bapi\b/g, `other-${String(index)}`]),
  )
  const text = [DOCUMENTS[0], DOCUMENTS[4], DOCUMENTS[11], ...others].join('---\n')
  const textWith = (name: string): string =>
    replaceAllIn(text, ['ns/web/sa/client', `ns/web/sa/${name}`])
  const analysis = analyse(text)
  const edits = runs(200)
  for (let index = 0; index < edits; index++) {
    analysis.update([{ file: 'test.yaml', text: textWith(`client-${String(index)}`), open: true }])
    findingsOf(analysis)
  }
  const fresh = analyse(textWith(`client-${String(edits - 1)}`))
  findingsOf(fresh)
  expect(analysis.mesh.size - fresh.mesh.size).toBeLessThan(edits)
  expect(analysis.mesh.keys - fresh.mesh.keys).toBeLessThan(edits / 2)
})
