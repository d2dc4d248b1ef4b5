import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { attributesOf } from '../rules/support/ruleAttributes.js'
import { factsOf, type ValueKind } from '../vocabulary/attributes.js'
import type { Mention } from './mention.js'
import {
  namesInAccount,
  namesInHost,
  namesInNamespace,
  namesInPrincipal,
  type NameInValue,
} from './namesInValue.js'

interface Context {
  readonly mesh: Mesh
  readonly policyNamespace: string
}

const NONE = (): readonly NameInValue[] => []

/** The names of objects in a value of an attribute, by what the value names. */
const NAMES_IN: Readonly<
  Record<ValueKind, (value: string, context: Context) => readonly NameInValue[]>
> = {
  principal: (value, { mesh }) => {
    const { trustDomain, trustDomainAliases } = mesh.settings
    return namesInPrincipal(value, [trustDomain, 'cluster.local', ...trustDomainAliases])
  },
  'service account': (value, { policyNamespace }) => namesInAccount(value, policyNamespace),
  namespace: namesInNamespace,
  host: namesInHost,
  'request principal': NONE,
  'trust domain': NONE,
  'address block': NONE,
  port: NONE,
  method: NONE,
  path: NONE,
  'server name': NONE,
  header: NONE,
  claim: NONE,
  'filter state': NONE,
}

/** The mentions in the values of a policy's rules. */
export function ruleMentions(mesh: Mesh, policy: AuthorizationPolicy): Mention[] {
  const context = { mesh, policyNamespace: policy.namespace }
  return attributesOf(policy).flatMap(({ attribute, values, list }) => {
    if (attribute === undefined) return []
    const namesIn = NAMES_IN[factsOf(attribute).value]
    if (namesIn === NONE) return []
    return values.flatMap((value, index) =>
      namesIn(value, context).map(({ thing, part }): Mention => ({
        thing,
        path: [...list, index],
        part,
        role: 'reference',
      })),
    )
  })
}
