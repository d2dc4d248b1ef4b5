import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy, Rule } from '../resources/authorizationPolicy.js'
import type { Resource } from '../resources/resource.js'
import type { WorkloadSelector } from '../resources/selector.js'
import { USE_WAYPOINT } from '../vocabulary/labels.js'
import type { FieldPath } from '../yaml/node.js'

/** One part of an object that is removed. */
export interface Mutation {
  readonly resource: Resource
  /** The removed field; empty for the object. */
  readonly path: FieldPath
  /** The object without it; undefined if the object is removed. */
  readonly mutated: Resource | undefined
}

/**
 * Each policy, rule, entry and value of a rule, label of a selector and label `istio.io/use-waypoint`, removed alone.
 * A list that would be empty is removed with its last item.
 */
export function* mutationsOf(mesh: Mesh): Generator<Mutation> {
  for (const policy of mesh.all('AuthorizationPolicy')) {
    yield { resource: policy, path: [], mutated: undefined }
    yield* selectorMutations(policy, policy.selector, (selector) => ({ ...policy, selector }))
    yield* ruleMutations(policy)
  }
  for (const policy of mesh.all('PeerAuthentication')) {
    yield { resource: policy, path: [], mutated: undefined }
    for (const mutation of selectorMutations(policy, policy.selector, (selector) =>
      // The API server rejects portLevelMtls without a selector.
      selector === undefined && policy.portLevelMtls.size > 0 ? undefined : { ...policy, selector },
    ))
      if (mutation.mutated) yield mutation
  }
  for (const policy of mesh.all('RequestAuthentication'))
    yield { resource: policy, path: [], mutated: undefined }
  for (const type of ['Namespace', 'Service', 'ServiceEntry'] as const)
    for (const resource of mesh.all(type)) {
      const { labels } = resource
      if (labels?.[USE_WAYPOINT] === undefined) continue
      yield {
        resource,
        path: ['metadata', 'labels', USE_WAYPOINT],
        mutated: { ...resource, labels: withoutKey(labels, USE_WAYPOINT) },
      }
    }
}

function* selectorMutations(
  resource: Resource,
  selector: WorkloadSelector | undefined,
  withSelector: (selector: WorkloadSelector | undefined) => Resource | undefined,
): Generator<Mutation> {
  const labels = selector?.matchLabels ?? {}
  for (const key of Object.keys(labels)) {
    const rest = withoutKey(labels, key)
    yield {
      resource,
      path: ['spec', 'selector', 'matchLabels', key],
      mutated: withSelector(Object.keys(rest).length === 0 ? undefined : { matchLabels: rest }),
    }
  }
}

function* ruleMutations(policy: AuthorizationPolicy): Generator<Mutation> {
  const { rules } = policy
  for (const [index, rule] of rules.entries()) {
    const at = ['spec', 'rules', index]
    const replaced = (changed: Rule): AuthorizationPolicy => ({
      ...policy,
      rules: rules.map((each, other) => (other === index ? changed : each)),
    })
    yield { resource: policy, path: at, mutated: { ...policy, rules: without(rules, index) } }
    for (const { path, rule: changed } of partMutations(rule))
      yield { resource: policy, path: [...at, ...path], mutated: replaced(changed) }
  }
}

interface RuleMutation {
  readonly path: FieldPath
  readonly rule: Rule
}

function* partMutations(rule: Rule): Generator<RuleMutation> {
  yield* fieldMutations(rule.from, ['from', 'source'], (from) => ({ ...rule, from }))
  yield* fieldMutations(rule.to, ['to', 'operation'], (to) => ({ ...rule, to }))
  const { when = [] } = rule
  for (const [index, condition] of when.entries()) {
    const remaining = without(when, index)
    yield {
      path: ['when', index],
      rule: { ...rule, when: remaining.length === 0 ? undefined : remaining },
    }
    for (const field of ['values', 'notValues'] as const)
      for (const [at] of condition[field].entries()) {
        const values = without(condition[field], at)
        // A condition without values is not valid.
        if (values.length === 0) continue
        yield {
          path: ['when', index, field, at],
          rule: {
            ...rule,
            when: when.map((each, other) =>
              other === index ? { ...each, [field]: values } : each,
            ),
          },
        }
      }
  }
}

type Values = Readonly<Record<string, readonly string[]>>

/** The entries of `from` or `to`, and the values of their fields. */
function* fieldMutations(
  entries: readonly (Readonly<Partial<Values>> | undefined)[] | undefined,
  [list, inner]: readonly [string, string],
  withEntries: (entries: readonly (Values | undefined)[] | undefined) => Rule,
): Generator<RuleMutation> {
  const all = (entries ?? []).map((entry) => entry && valuesOf(entry))
  for (const [index, entry = {}] of all.entries()) {
    const remaining = without(all, index)
    yield {
      path: [list, index],
      rule: withEntries(remaining.length === 0 ? undefined : remaining),
    }
    const isOnly = Object.keys(entry).length === 1
    for (const [field, values] of Object.entries(entry)) {
      for (const at of values.keys()) {
        const rest = without(values, at)
        // Without its only value, the entry is removed, which is a mutation of its own.
        if (rest.length === 0 && isOnly) continue
        const changed = rest.length === 0 ? withoutKey(entry, field) : { ...entry, [field]: rest }
        yield {
          path: [list, index, inner, field, ...(values.length === 1 ? [] : [at])],
          rule: withEntries(all.map((each, other) => (other === index ? changed : each))),
        }
      }
    }
  }
}

function valuesOf(entry: Readonly<Partial<Values>>): Values {
  return Object.fromEntries(
    Object.entries(entry).flatMap(([field, values]): [string, readonly string[]][] =>
      values ? [[field, values]] : [],
    ),
  )
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, other) => other !== index)
}

function withoutKey<V>(record: Readonly<Record<string, V>>, key: string): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key))
}
