import { expect, it } from 'vitest'
import { ANNOTATIONS } from './annotations.js'
import { GENERATED_POD_LABELS } from './generatedPods.js'
import { LABELS, USE_WAYPOINT, WAYPOINT_FOR } from './labels.js'
import { acceptsValue, isReadFrom, type MetadataKey } from './metadataKeys.js'
import { DEAD_KEYS, UNCATALOGUED_KEYS } from './otherKeys.js'

const names: readonly string[] = [...Object.keys(LABELS), ...Object.keys(ANNOTATIONS)]

it('names each key in one table', () => {
  for (const key of [...UNCATALOGUED_KEYS, ...Object.keys(DEAD_KEYS)])
    expect(names).not.toContain(key)
})

it('replaces retired keys by keys that have an effect', () => {
  const facts: readonly MetadataKey[] = [...Object.values(LABELS), ...Object.values(ANNOTATIONS)]
  const replacements = [
    ...facts.flatMap(({ retired }) => retired?.replacement ?? []),
    ...Object.values(DEAD_KEYS).map(({ replacement }) => replacement),
  ]
  expect(replacements.length).toBeGreaterThan(3)
  for (const replacement of replacements) expect(names).toContain(replacement)
})

it('reads labels from the kinds of the table, and from pods where it says so', () => {
  expect(isReadFrom(LABELS[USE_WAYPOINT], 'Service', false)).toBe(true)
  expect(isReadFrom(LABELS[USE_WAYPOINT], 'Deployment', false)).toBe(false)
  expect(isReadFrom(LABELS[USE_WAYPOINT], 'Deployment', true)).toBe(true)
  expect(isReadFrom(LABELS[WAYPOINT_FOR], 'Pod', true)).toBe(false)
  expect(isReadFrom(LABELS['operator.istio.io/managed'], 'Deployment', false)).toBe(true)
})

it.each<[keyof typeof LABELS | keyof typeof ANNOTATIONS, string[], string[]]>([
  ['istio.io/waypoint-for', ['service', 'all'], ['Service', '']],
  ['istio.io/use-waypoint', ['none', 'a.b-c', 'a'.repeat(253)], ['', 'A', '-a', 'a'.repeat(254)]],
  ['istio.io/use-waypoint-namespace', ['shop'], ['shop.x', 'a'.repeat(64)]],
  ['istio.io/ingress-use-waypoint', ['true', 'T', '0'], ['yes', '']],
  ['istio.io/use-waypoint-canary-weight', ['0', '100', '+5'], ['101', '-1', '5%', '0.5', '']],
  ['service.istio.io/canonical-name', ['', 'anything'], []],
])('%s accepts the values that have an effect', (key, accepted, refused) => {
  const facts: MetadataKey = { ...LABELS, ...ANNOTATIONS }[key]
  expect(accepted.filter((value) => !acceptsValue(facts, value))).toEqual([])
  expect(refused.filter((value) => acceptsValue(facts, value))).toEqual([])
})

it('tells gateways from waypoints by the controller that made them', () => {
  const managed = LABELS['gateway.istio.io/managed'].values
  const known: readonly string[] = GENERATED_POD_LABELS.flatMap((row) =>
    row.label === 'gateway.istio.io/managed' ? [...row.values] : [],
  )
  expect(known).toEqual(managed)
})
