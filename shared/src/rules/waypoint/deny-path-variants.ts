import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { matchesPath } from '../../waypoint/path.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import { firstThatFits, listed } from '../support/words.js'
import { attachmentsOf, saidOf } from '../support/attached.js'

export const denyPathVariants = defineRule({
  name: 'deny-path-variants',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const forbidding =
      isActionFilledIn(policy) || (policy.action !== 'DENY' && policy.action !== 'ALLOW')
        ? []
        : mesh
            .perQuery(attributesOf, policy)
            .filter(
              ({ attribute, negated }) =>
                attribute === 'path' && negated === (policy.action === 'ALLOW'),
            )
    const said = forbidding.length > 0 ? saidOf(mesh.get(attachmentsOf, policy)) : undefined
    if (!said) return
    const all = policy.action === 'DENY' ? forbidding.flatMap((attribute) => attribute.values) : []
    const values = all.length > 0 && all.length <= MOST_VALUES ? all : undefined
    for (const attribute of forbidding) {
      const variants = firstVariants(attribute, values ?? attribute.values)
      if (variants.length === 0) continue
      report({
        message: messageOf(policy, variants),
        path: attribute.path,
        on: attribute.on,
        certainties: said.certainties,
        related: said.evidence,
      })
    }
  },
})

/** Beyond this many paths of a policy each list is looked at by itself. */
const MOST_VALUES = 400

/** The other ways to write the first path of a list that has some: those that no value of `all` matches. */
function firstVariants({ values }: RuleAttribute, all: readonly string[]): string[] {
  if (all.some(isPlaceholder)) return []
  for (const value of values) {
    const variants = variantsOf(value).filter(
      (path) => !all.some((pattern) => matchesPath(pattern, path)),
    )
    if (variants.length > 0) return variants
  }
  return []
}

/** For an exact path and for a prefix; what ends or is templated otherwise is matched by its own rules. */
function variantsOf(pattern: string): string[] {
  const isPrefix = pattern.endsWith('*')
  const path = isPrefix ? pattern.slice(0, -1) : pattern
  if (!path.startsWith('/') || path.includes('*') || path.includes('{') || !/[^/]/.test(path))
    return []
  const trailing = isPrefix || path.endsWith('/') ? [] : [`${path}/`, `${path};a=b`]
  const upper = path.toUpperCase()
  return [...trailing, `/${path}`, ...(upper === path ? [] : [upper])].map((variant) =>
    isPrefix ? `${variant}…` : variant,
  )
}

function messageOf({ action }: AuthorizationPolicy, variants: readonly string[]): string {
  const passes = (shown: readonly string[]): string =>
    `${listed(shown.map((path) => `"${path}"`))} ${shown.length === 1 ? 'passes' : 'pass'} this ${action}, and many servers take ${shown.length === 1 ? 'it' : 'them'} for the same path.`
  return firstThatFits(
    passes(variants),
    passes(variants.slice(0, 2)),
    passes(variants.slice(0, 1)),
    `The path written in other ways passes this ${action}, and many servers take it for the same.`,
  )
}
