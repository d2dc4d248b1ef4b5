import fc from 'fast-check'
import { expect, it } from 'vitest'
import { indexKeys } from '../../inventory/indexKeys.js'
import { alternativesOf } from '../../mesh/alternatives.js'
import {
  analyse,
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
} from '../../testing/index.js'
import { runs } from '../../testing/runs.js'
import type { Analysis } from '../analysis.js'

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
const NAMES = ['a', 'b', 'c']
const FILES = ['all/dev.yaml', 'all/more.yaml', 'all/prod.yaml', 'x.yaml']

interface Definition {
  readonly kind: number
  readonly name: number
  readonly variant: number
}

const definition = fc.record<Definition>({
  // Installs that differ are rarer than other variants: they concern every object.
  kind: fc.oneof(
    { weight: 15, arbitrary: fc.nat(KINDS.length - 2) },
    { weight: 1, arbitrary: fc.constant(KINDS.length - 1) },
  ),
  name: fc.nat(NAMES.length - 1),
  variant: fc.nat(3),
})
const textOf = ({ kind, name, variant }: Definition): string => {
  const texts = KINDS[kind]?.(NAMES[name] ?? '') ?? []
  return texts[variant % texts.length] ?? ''
}

const step = fc.record({
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
  definition,
  isOpen: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
type Contents = readonly (readonly Definition[])[]

/** The definitions in each file after a step. */
function after(contents: Contents, { edit, file, other, at, definition: given }: Step): Contents {
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

const textIn = (definitions: readonly Definition[]): string | undefined =>
  definitions.length === 0 ? undefined : documents(...definitions.map(textOf))

function fresh(contents: Contents): Analysis {
  const files: Record<string, string> = {}
  for (const [index, definitions] of contents.entries()) {
    const text = textIn(definitions)
    if (text !== undefined) files[FILES[index] ?? ''] = text
  }
  return analyse(files)
}

/** Everything that is published for a file. */
function describeFile(analysis: Analysis, file: string): string[] {
  return analysis
    .locatedFindingsOf(file)
    .map(({ finding: { rule, level, message, assumptions, related }, range }) =>
      JSON.stringify([
        rule,
        level,
        message,
        assumptions,
        range,
        related.map((fact) => [fact.message, analysis.locate(fact.place)?.file]),
      ]),
    )
}

/** The fixes of all findings, which are made when they are read. */
function describeFixes(analysis: Analysis): string[] {
  return FILES.flatMap((file) =>
    analysis
      .locatedFindingsOf(file)
      .flatMap(({ finding: { rule, fixes } }) =>
        fixes.map(({ title, edits }) =>
          JSON.stringify([file, rule, title, edits.map(({ op }) => op)]),
        ),
      ),
  )
}

/** Where each object is in a dispute, and the disputes of each key. */
function describeDisputes(analysis: Analysis): string[] {
  const alternatives = alternativesOf(analysis.mesh)
  return [...analysis.files.values()]
    .flatMap(({ documents: all }) => all.flatMap(({ facts }) => facts.resources))
    .flatMap((resource) => {
      const place = alternatives.placeOf(resource)
      return [
        JSON.stringify([
          resource.origin.file,
          resource.type,
          resource.name,
          textOfPlace(place),
          alternatives.none,
        ]),
        ...indexKeys(resource).map(
          (key) =>
            `${key}: ${alternatives
              .touches(key)
              .map(({ id }) => id)
              .join()}`,
        ),
      ]
    })
    .sort()
}

const textOfPlace = (
  place: ReturnType<ReturnType<typeof alternativesOf>['placeOf']>,
): string | undefined =>
  place && `${place.dispute.id} ${String(place.choice)} of ${String(place.of)}`

const start = fc
  .tuple(
    fc.array(definition, { minLength: 2, maxLength: 6 }),
    fc.array(definition, { maxLength: 3 }),
  )
  .map(([common, others]): Contents => [
    common,
    others,
    common.map((each, index) => (index % 2 === 0 ? each : { ...each, variant: each.variant + 1 })),
    [],
  ])

it('after each edit of objects with variants, the findings are those of a new analysis', () => {
  const counts = { findings: 0, variants: 0, files: 0 }
  fc.assert(
    fc.property(start, fc.array(step, { minLength: 4, maxLength: 14 }), (first, steps) => {
      const analysis = fresh(first)
      const published = new Map(FILES.map((file) => [file, describeFile(analysis, file)]))
      let contents = first
      for (const each of steps) {
        const next = after(contents, each)
        const changes = FILES.flatMap((file, index) =>
          next[index] === contents[index]
            ? []
            : [{ file, text: textIn(next[index] ?? []), open: each.isOpen }],
        )
        contents = next
        // Only the findings of these files are read again.
        for (const file of analysis.update(changes).files)
          published.set(file, describeFile(analysis, file))
        const scratch = fresh(contents)
        for (const file of FILES)
          expect([file, published.get(file)]).toEqual([file, describeFile(scratch, file)])
        expect(describeFixes(analysis)).toEqual(describeFixes(scratch))
        expect(describeDisputes(analysis)).toEqual(describeDisputes(scratch))
        counts.findings += [...published.values()].flat().length
        const ids = describeDisputes(analysis)
        if (ids.some((id) => id.includes('object '))) counts.variants++
        if (ids.some((id) => id.includes('variant files '))) counts.files++
      }
    }),
    { numRuns: runs(8) },
  )
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(runs(8))
})
