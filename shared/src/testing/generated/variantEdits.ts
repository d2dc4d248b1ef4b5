import fc from 'fast-check'
import {
  authorizationPolicy,
  deployment,
  documents,
  from,
  namespace,
  peerAuthentication,
  service,
  serviceAccount,
  to,
  waypoint,
} from '../index.js'

const install = (trustDomain: string, others = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |-\n    trustDomain: ${trustDomain}\n${others}`

/** For each kind of object, the text of its variants. */
const KINDS: readonly ((name: string) => readonly string[])[] = [
  () => [
    namespace('shop'),
    namespace('shop', { ambient: false }),
    namespace('shop', { labels: { env: 'prod' } }),
    namespace('shop', { waypoint: 'a' }),
  ],
  (name) => [
    deployment(`shop/${name}`),
    deployment(`shop/${name}`, { podLabels: { env: 'prod' } }),
    deployment(`shop/${name}`, { app: 'b', serviceAccount: 'a' }),
    deployment(`shop/${name}`, { podLabels: { 'istio.io/dataplane-mode': 'none' } }),
  ],
  (name) => [
    service(`shop/${name}`),
    service(`shop/${name}`, { waypoint: 'a' }),
    service(`shop/${name}`, { app: 'b' }),
    service(`shop/${name}`, { spec: { clusterIP: 'None' } }),
  ],
  (name) => [
    serviceAccount(`shop/${name}`),
    serviceAccount(`shop/${name}`, { labels: { x: 'y' } }),
  ],
  (name) => [
    authorizationPolicy(`shop/${name}`, { app: name, rules: [to({ methods: ['GET'] })] }),
    authorizationPolicy(`shop/${name}`, {
      app: 'a',
      rules: [from({ serviceAccounts: ['shop/c'] })],
    }),
    authorizationPolicy(`shop/${name}`, {
      app: name,
      action: 'DENY',
      rules: [from({ principals: ['td.example/ns/shop/sa/b'] })],
    }),
    authorizationPolicy(`shop/${name}`, {
      targetRefs: [`Service/${name}`],
      rules: [to({ methods: ['GET'] })],
    }),
    authorizationPolicy(`shop/${name}`, { rules: [to({ methods: ['GET'] })] }),
  ],
  (name) => [
    peerAuthentication(`shop/${name}`, { mode: 'STRICT' }),
    peerAuthentication(`shop/${name}`, { mode: 'PERMISSIVE' }),
    peerAuthentication(`shop/${name}`, { app: 'a', mode: 'DISABLE' }),
  ],
  (name) => [
    waypoint(`shop/${name}`),
    waypoint(`shop/${name}`, { for: 'workload' }),
    waypoint(`shop/${name}`, { className: 'istio' }),
  ],
  () => [install('td.example'), install('other.example'), install('"${TRUST_DOMAIN}"')],
]
export const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
/** The names in a mesh with few variants. */
export const FEW = 3
export const FILES = ['all/dev.yaml', 'all/more.yaml', 'all/prod.yaml', 'x.yaml']

interface Definition {
  readonly kind: number
  readonly name: number
  readonly variant: number
}

const definitionOf = (names: number): fc.Arbitrary<Definition> =>
  fc.record<Definition>({
    // Installs that differ are rarer than other variants: they concern every object.
    kind: fc.oneof(
      { weight: 15, arbitrary: fc.nat(KINDS.length - 2) },
      { weight: 1, arbitrary: fc.constant(KINDS.length - 1) },
    ),
    name: fc.nat(names - 1),
    variant: fc.nat(4),
  })
const textOf = ({ kind, name, variant }: Definition): string => {
  const texts = KINDS[kind]?.(NAMES[name] ?? '') ?? []
  return texts[variant % texts.length] ?? ''
}

export const stepOf = (names: number) =>
  fc.record({
    edit: fc.constantFrom(
      'vary',
      'vary',
      'vary',
      'rename',
      'move',
      'remove',
      'insert',
      'copy',
      'delete',
    ),
    file: fc.nat(FILES.length - 1),
    other: fc.nat(FILES.length - 1),
    at: fc.nat(20),
    definition: definitionOf(names),
    isOpen: fc.boolean(),
  })
type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer S> ? S : never
export type Contents = readonly (readonly Definition[])[]

/** The definitions in each file after a step. */
export function after(
  contents: Contents,
  { edit, file, other, at, definition: given }: Step,
): Contents {
  const old = contents[file] ?? []
  const index = old.length === 0 ? 0 : at % old.length
  const put = (...inserted: readonly Definition[]): Definition[] =>
    old.toSpliced(index, 1, ...inserted)
  const replaced = (next: readonly Definition[]): Contents => contents.with(file, next)
  const chosen = old[index]
  switch (edit) {
    case 'delete':
      return replaced([])
    case 'insert':
      return replaced(old.toSpliced(index, 0, given))
    case 'copy':
      return contents.with(
        other,
        old.map((each, place) =>
          place % 2 === at % 2 ? { ...each, variant: given.variant } : each,
        ),
      )
    default:
      if (!chosen) return contents
      if (edit === 'vary') return replaced(put({ ...chosen, variant: given.variant }))
      if (edit === 'rename') return replaced(put({ ...chosen, name: given.name }))
      if (edit === 'remove') return replaced(put())
      return replaced(put()).with(other, [
        ...(other === file ? put() : (contents[other] ?? [])),
        chosen,
      ])
  }
}

export const textIn = (definitions: readonly Definition[]): string | undefined =>
  definitions.length === 0 ? undefined : documents(...definitions.map(textOf))

/** Two files that may be variants, and others. */
export const fewVariants = fc
  .tuple(
    fc.array(definitionOf(FEW), { minLength: 2, maxLength: 6 }),
    fc.array(definitionOf(FEW), { maxLength: 3 }),
  )
  .map(([common, others]): Contents => [
    common,
    others,
    common.map((each, index) => (index % 2 === 0 ? each : { ...each, variant: each.variant + 1 })),
    [],
  ])

/** So many objects with variants that not all combinations are evaluated. */
export const manyVariants = fc
  .tuple(
    fc.constantFrom(1, 2, 4),
    fc.array(fc.tuple(fc.nat(FILES.length - 1), fc.nat(FILES.length - 1), fc.nat(4), fc.nat(4)), {
      minLength: NAMES.length,
      maxLength: NAMES.length,
    }),
    fc.array(definitionOf(NAMES.length), { maxLength: 4 }),
  )
  .map(([kind, places, others]): Contents =>
    FILES.map((_, file) => [
      ...places.flatMap(([first, second, one, other], name) => [
        ...(first === file ? [{ kind, name, variant: one }] : []),
        ...(second === file ? [{ kind, name, variant: other }] : []),
      ]),
      ...(file === 1 ? [{ kind: 0, name: 0, variant: 0 }, ...others] : []),
    ]),
  )
