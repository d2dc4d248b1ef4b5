import { describe, expect, it } from 'vitest'
import { query, type Mesh, type MeshQuery } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import { analyse, findingsOf, withoutArrows } from '../testing/index.js'
import { RULE_CATALOGUE } from './catalogue.js'
import { docsOf } from './docsOf.js'
import { RULE_PAGES } from './pages.js'
import { ALL_RULES } from './registry.js'
import { runRule, type Rule } from './rule.js'
import { SHOP_BEHIND_WAYPOINT } from './support/examples.js'

const names = ALL_RULES.map(({ name }) => name)

describe('the registry', () => {
  it('is sorted and names every rule once', () => {
    expect(names).toEqual([...new Set(names)].sort())
  })

  it('has a page for every rule and for nothing else', () => {
    expect(Object.keys(RULE_PAGES)).toEqual(RULE_CATALOGUE.map(({ name }) => name))
  })
})

describe.each(ALL_RULES.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  it('has a complete page', () => {
    const docs = docsOf(rule)
    expect(docs.summary).toMatch(/^([A-Z`]|ztunnel |istiod ).*\.$/)
    for (const text of [docs.why, docs.bad, docs.good, docs.fix])
      expect(text.length).toBeGreaterThan(20)
    expect(docs.references.length).toBeGreaterThan(0)
    expect(
      [docs.summary, docs.why, docs.fix, ...docs.references].filter((text) =>
        /semantics\.md|knowledge\.md/.test(text),
      ),
    ).toEqual([])
  })

  it('fires on its bad example, alone, and no rule fires on the good one', () => {
    const bad = findingsOf(analyse(docsOf(rule).bad))
    expect(bad.length).toBeGreaterThan(0)
    const expected = [name, ...(docsOf(rule).alsoFires ?? [])]
    expect(
      bad
        .filter((finding) => !expected.includes(finding.rule))
        .map((finding) => `${finding.rule}: ${finding.message}`),
    ).toEqual([])
    expect(
      findingsOf(analyse(docsOf(rule).good)).map(
        (finding) => `${finding.rule}: ${finding.message}`,
      ),
    ).toEqual([])
  })

  it('has messages of at most 140 characters that end with a full stop or question mark', () => {
    for (const { message } of findingsOf(analyse(docsOf(rule).bad))) {
      expect(message.length).toBeLessThanOrEqual(140)
      expect(message).toMatch(/^\S.*[.?]$/)
    }
  })
})

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

it('every rule declares what it reads, no more and no less', () => {
  const examples = ALL_RULES.map(docsOf).flatMap(({ bad, good }) => [withoutArrows(bad), good])
  const variants = examples.flatMap((text) =>
    [
      text,
      unnamed(text),
      without('Deployment', text),
      `${without('Namespace', text)}---\n${NAMESPACE_WITHOUT_LABELS}`,
      `${text}---\n${SHOP_BEHIND_WAYPOINT}`,
    ].flatMap(withVariations),
  )
  const reads = readsIn([
    ...new Set([
      ...variants,
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

/** Every object defined once more. */
function twice(text: string): string {
  return `${text}---\n${text}`
}

/** The same objects without a namespace. */
function unnamed(text: string): string {
  return text.replace(/^ {2}namespace: .*\n/gm, '')
}

/** With a Gateway of a class that Istio does not know in every namespace. */
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

/** Also with other labels on the pods, as a policy of the whole namespace, with a waypoint that its class describes, a label mistypes or Istio does not know, and with other targets. */
function withVariations(text: string): string[] {
  return [
    text,
    text.replace(/^( {6}labels:\n {8})app: api$/gm, '$1app: other'),
    text.replace(/^ {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/gm, '  action'),
    text.replace(/^ {4}istio.io\/waypoint-for: service\n/gm, '    team: shop\n'),
    text.replace(/use-waypoint: waypoint$/gm, 'use-waypoint: waypont'),
    text.replace(/gatewayClassName: istio-waypoint$/gm, 'gatewayClassName: corp-waypoint'),
    text.replace(
      SERVICE_TARGET,
      'kind: Gateway\n$1group: gateway.networking.k8s.io\n$2name: waypoint',
    ),
    text
      .replace(/namespace: shop$/gm, 'namespace: istio-system')
      .replace(
        SERVICE_TARGET,
        'kind: GatewayClass\n$1group: gateway.networking.k8s.io\n$2name: corp-waypoint',
      ),
  ]
}

function without(kind: string, text: string): string {
  return text
    .split(/^---\n/m)
    .filter((document) => !document.includes(`kind: ${kind}\n`))
    .join('---\n')
}

/**
 * The first words of the inventory keys that each rule reads when it runs, fixes and all, on each object of each text. The texts are taken for one that is
 * edited: what they have in common is read and worked out once.
 */
function readsIn(texts: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const analysis = analyse('', { record: true })
  const { files, mesh } = analysis
  const rules = ALL_RULES.map((rule) => ({
    rule,
    all: runOnAll(rule, mesh),
    reads: new Set<string>(),
  }))
  for (const text of texts) {
    analysis.update([{ file: 'test.yaml', text, open: true }])
    const resources = [...files.values()].flatMap(({ documents }) =>
      documents.flatMap(({ facts }) => [...facts.resources]),
    )
    for (const { rule, all, reads } of rules) {
      const subjects = resources.filter(({ type }) => rule.subjects.includes(type))
      mesh.get(all, subjects)
      for (const key of mesh.keysOf(all, subjects)) reads.add(key.split('|')[0] ?? '')
    }
  }
  return new Map(rules.map(({ rule, reads }) => [rule.name, reads]))
}

function runOnAll(rule: Rule, mesh: Mesh): MeshQuery<readonly Resource[], unknown> {
  const run = query(
    `run ${rule.name}`,
    (_, subject: Resource) => runRule(rule, subject, mesh).map((finding) => finding.fixes.length),
    { lazy: true },
  )
  return query(
    `run ${rule.name} on all`,
    (_, subjects) => subjects.map((subject) => mesh.get(run, subject)),
    { lazy: true },
  )
}
