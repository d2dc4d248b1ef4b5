import type { AuthorizationPolicy, Operation } from '../../resources/authorizationPolicy.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import { firstThatFits, listed } from '../support/words.js'
import { attachmentsOf, reportableAttachments } from '../support/waypointAttachments.js'
import { matchesSpelling, mayMatchOperation, pathsClosedAt, type Spelling } from './closedPaths.js'

export const denyPathVariants = defineRule({
  name: 'deny-path-variants',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const forbiddenPaths =
      isActionFilledIn(policy) || (policy.action !== 'DENY' && policy.action !== 'ALLOW')
        ? []
        : mesh
            .perQuery(attributesOf, policy)
            .filter(
              ({ attribute, negated }) =>
                attribute === 'path' && negated === (policy.action === 'ALLOW'),
            )
    const known =
      forbiddenPaths.length > 0 ? reportableAttachments(mesh.get(attachmentsOf, policy)) : undefined
    if (!known) return
    const all =
      policy.action === 'DENY' ? forbiddenPaths.flatMap((attribute) => attribute.values) : []
    const values = all.length > 0 && all.length <= MAX_VALUES ? all : undefined
    const chains = known.attachments.flatMap((attachment) => attachment.chains)
    for (const attribute of forbiddenPaths) {
      const operation = operationOf(policy, attribute)
      const placed = { policy, rule: attribute.rule, operation }
      const closedAt = chains.map((chain) => pathsClosedAt(mesh, chain, placed))
      const isOpen = (spelling: Spelling): boolean =>
        (policy.action === 'DENY' || mayMatchOperation(operation, spelling)) &&
        (closedAt.length === 0 || closedAt.some((isClosed) => !isClosed(spelling)))
      const variants = firstVariants(attribute, values ?? attribute.values, isOpen)
      if (variants.length === 0) continue
      report({
        message: messageOf(policy, variants),
        path: attribute.path,
        on: attribute.on,
        certainties: known.certainties,
        related: known.evidence,
      })
    }
  },
})

/** A policy with more paths is checked list by list. */
const MAX_VALUES = 400

/** The spellings of the first path in a list that no value of `all` matches. */
function firstVariants(
  { values }: RuleAttribute,
  all: readonly string[],
  isOpen: (spelling: Spelling) => boolean,
): Spelling[] {
  if (all.some(isPlaceholder)) return []
  for (const value of values) {
    const variants = variantsOf(value).filter(
      (spelling) => !all.some((pattern) => matchesSpelling(pattern, spelling)) && isOpen(spelling),
    )
    if (variants.length > 0) return variants
  }
  return []
}

/** The operation that has a list of paths. */
function operationOf({ rules }: AuthorizationPolicy, { rule, entry }: RuleAttribute): Operation {
  return rules[rule]?.to?.[Number(entry[4])] ?? {}
}

/** Other spellings of an exact path or a prefix; none for a suffix or a template. */
function variantsOf(pattern: string): Spelling[] {
  const isPrefix = pattern.endsWith('*')
  const path = isPrefix ? pattern.slice(0, -1) : pattern
  if (!path.startsWith('/') || /[*{?#]/.test(path) || !/[^/]/.test(path)) return []
  const trailing = isPrefix || path.endsWith('/') ? [] : [`${path}/`, `${path};a=b`]
  const upper = path.toUpperCase()
  return [...trailing, `/${path}`, ...(upper === path ? [] : [upper])].map((text) => ({
    text,
    isPrefix,
  }))
}

function messageOf({ action }: AuthorizationPolicy, spellings: readonly Spelling[]): string {
  const variants = spellings.map(({ text, isPrefix }) => (isPrefix ? `${text}…` : text))
  const bypassed =
    action === 'DENY' ? 'This DENY can be bypassed' : 'These "notPaths" can be bypassed'
  const withSpellings = (spellings: readonly string[]): string => {
    const list = listed(
      spellings.map((path) => `"${path}"`),
      'or',
    )
    return `${bypassed} with ${list}: many servers treat ${spellings.length === 1 ? 'it' : 'them'} as the same path.`
  }
  return firstThatFits(
    withSpellings(variants),
    withSpellings(variants.slice(0, 2)),
    withSpellings(variants.slice(0, 1)),
    `${bypassed} with another spelling of the path, which many servers treat as the same path.`,
  )
}
