import { expect, it } from 'vitest'
import { query, type Mesh, type MeshQuery } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import { analyse, withoutArrows } from '../testing/index.js'
import { docsOf } from './docsOf.js'
import { ALL_RULES } from './registry.js'
import { runRule, type Rule } from './rule.js'
import { SHOP_BEHIND_WAYPOINT } from './support/examples.js'

/** Kinds that few examples have. */
const OTHER_KINDS = [
  'apps/v1 StatefulSet',
  'apps/v1 DaemonSet',
  'apps/v1 ReplicaSet',
  'batch/v1 Job',
  'batch/v1 CronJob',
  'networking.istio.io/v1 WorkloadEntry',
]
  .map(
    (kind) =>
      `apiVersion: ${kind.replace(' ', '\nkind: ')}\nmetadata:\n  name: other\n  namespace: shop\n`,
  )
  .join('---\n')
const NAMESPACE_WITHOUT_LABELS = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n'

it('every rule declares exactly what it reads', () => {
  const examples = ALL_RULES.map(docsOf).flatMap(({ bad, good }) => [withoutArrows(bad), good])
  const reads = readsIn([
    ...new Set([
      ...examples.flatMap(variantsOf),
      ...examples.map(withGateways),
      ...[...examples, OTHER_KINDS].map(twice),
    ]),
  ])
  const undeclared = ALL_RULES.flatMap((rule) => {
    const read = [...(reads.get(rule.name) ?? [])].sort()
    return read.join() === rule.reads.join()
      ? []
      : [`${rule.name}: reads: [${read.map((type) => `'${type}'`).join(', ')}],`]
  })
  expect(undeclared).toEqual([])
})

/**
 * The example, its variations, and the example without namespaces, in a namespace without labels, and behind a waypoint.
 * The last two also with the variations that make a rule read more there.
 */
function variantsOf(text: string): string[] {
  const outsideAmbient = `${without('Namespace', text)}---\n${NAMESPACE_WITHOUT_LABELS}`
  const behindWaypoint = `${text}---\n${SHOP_BEHIND_WAYPOINT}`
  return [
    text,
    ...Object.values(VARIATIONS).map((vary) => vary(text)),
    unnamed(text),
    outsideAmbient,
    VARIATIONS.foreignWaypointClass(outsideAmbient),
    behindWaypoint,
    VARIATIONS.wholeNamespace(behindWaypoint),
    VARIATIONS.withoutWaypointFor(behindWaypoint),
  ]
}

/** Each object defined twice. */
function twice(text: string): string {
  return `${text}---\n${text}`
}

/** The same objects without a namespace. */
function unnamed(text: string): string {
  return text.replace(/^ {2}namespace: .*\n/gm, '')
}

/** With a Gateway of an unknown class in every namespace. */
function withGateways(text: string): string {
  const namespaces = new Set(text.match(/^ {2}namespace: .*$/gm))
  return (
    text +
    [...namespaces]
      .map(
        (namespace) =>
          `---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: corp\n${namespace}\nspec:\n  gatewayClassName: corp\n`,
      )
      .join('')
  )
}

const SERVICE_TARGET = /kind: Service\n( +)group: ""\n( +)name: \w+$/gm

const VARIATIONS = {
  otherPodLabels: (text: string) => text.replace(/^( {6}labels:\n {8})app: api$/gm, '$1app: other'),
  wholeNamespace: (text: string) =>
    text.replace(/^ {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/gm, '  action'),
  // The class of the waypoint then decides which traffic it serves.
  withoutWaypointFor: (text: string) =>
    text.replace(/^ {4}istio.io\/waypoint-for: service\n/gm, '    team: shop\n'),
  mistypedWaypoint: (text: string) =>
    text.replace(/use-waypoint: waypoint$/gm, 'use-waypoint: waypont'),
  foreignWaypointClass: (text: string) =>
    text.replace(/gatewayClassName: istio-waypoint$/gm, 'gatewayClassName: corp-waypoint'),
  targetsGateway: (text: string) =>
    text.replace(
      SERVICE_TARGET,
      'kind: Gateway\n$1group: gateway.networking.k8s.io\n$2name: waypoint',
    ),
  targetsEntryToo: (text: string) =>
    text.replace(
      SERVICE_TARGET,
      (target, indent: string) =>
        `kind: ServiceEntry\n${indent}group: networking.istio.io\n${indent}name: other\n${indent.slice(2)}- ${target}`,
    ),
  targetsClass: (text: string) =>
    text
      .replace(/namespace: shop$/gm, 'namespace: istio-system')
      .replace(
        SERVICE_TARGET,
        'kind: GatewayClass\n$1group: gateway.networking.k8s.io\n$2name: corp-waypoint',
      ),
}

function without(kind: string, text: string): string {
  return text
    .split(/^---\n/m)
    .filter((document) => !document.includes(`kind: ${kind}\n`))
    .join('---\n')
}

/**
 * The first words of the inventory keys that each rule reads when it runs and makes its fixes, on each object of each
 * text. Each text is an edit of the one before it, so that what they share is computed once.
 */
function readsIn(texts: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const analysis = analyse('', { record: true })
  const { files, mesh } = analysis
  const rules = ALL_RULES.map((rule) => ({
    rule,
    run: runOn(rule, mesh),
    keys: new Set<string>(),
  }))
  for (const text of texts) {
    analysis.update([{ file: 'test.yaml', text, open: true }])
    const resources = [...files.values()].flatMap(({ documents }) =>
      documents.flatMap(({ facts }) => facts.resources),
    )
    for (const { rule, run, keys } of rules) {
      for (const subject of resources) {
        if (!rule.subjects.includes(subject.type)) continue
        mesh.get(run, subject)
        for (const key of mesh.keysOf(run, subject)) keys.add(key)
      }
    }
  }
  const firstWord = (key: string): string => key.split('|', 1).join()
  return new Map(rules.map(({ rule, keys }) => [rule.name, new Set([...keys].map(firstWord))]))
}

function runOn(rule: Rule, mesh: Mesh): MeshQuery<Resource, unknown> {
  return query(
    `run ${rule.name}`,
    (_, subject) => runRule(rule, subject, mesh).map((finding) => finding.fixes.length),
    { lazy: true },
  )
}
