import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { mayBeFilled } from '../../mesh/described.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { isTokenAttribute, type TokenAttribute } from '../../vocabulary/attributes.js'
import { parseRequestPrincipal } from '../../vocabulary/requestPrincipal.js'
import { requestAuthenticationsAtWaypoint } from '../../waypoint/attachedPolicies.js'
import type { Fix } from '../fix.js'
import { metadataBeside } from '../fixes/newObject.js'
import { defineRule } from '../rule.js'
import { isFilledIn } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import { firstThatFits, listed, quoted } from '../support/words.js'
import {
  attachmentsOf,
  isClassReference,
  reportableAttachments,
  type Attachment,
} from '../support/waypointAttachments.js'
import { apiVersionOf } from '../../vocabulary/kinds.js'

export const jwtRuleWithoutRequestAuthentication = defineRule({
  name: 'jwt-rule-without-request-authentication',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'RequestAuthentication',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const tokenAttributes = mesh
      .perQuery(attributesOf, policy)
      .filter(({ attribute }) => attribute && isTokenAttribute(attribute))
    if (tokenAttributes.length === 0 || mesh.hasOpaque('RequestAuthentication')) return
    const unverified = mesh
      .get(attachmentsOf, policy)
      .filter((attachment) => isUnverified(mesh, policy, attachment))
    const known = reportableAttachments(unverified)
    const [first] = known?.attachments ?? []
    if (!known || !first) return
    const target = isClassReference(first.ref)
      ? 'any waypoint'
      : first.allTraffic
        ? first.label
        : `${first.ref.kind} ${quoted(first.ref.name, 24)} or its waypoint`
    for (const attribute of tokenAttributes) {
      const effect = `${quoted(attribute.name, 40)} ${attribute.negated ? 'always' : 'never'} matches`
      report({
        message: firstThatFits(
          `${effect}: no RequestAuthentication targets ${target} to verify tokens.`,
          `${effect}: no RequestAuthentication targets ${target}.`,
          `${effect}: no RequestAuthentication verifies tokens here.`,
        ),
        path: attribute.path,
        on: attribute.on,
        certainties: [...known.certainties, noOtherRequestAuthentication(mesh, policy)],
        related: known.evidence,
        fixes: () => addRequestAuthentication(policy, known.attachments, tokenAttributes),
      })
    }
  },
})

/** Whether no RequestAuthentication in the files applies to any chain of a target. */
function isUnverified(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { chains, ref }: Attachment,
): boolean {
  if (
    chains.length === 0 ||
    chains.some((chain) => requestAuthenticationsAtWaypoint(mesh, chain).length > 0)
  )
    return false
  const { rootNamespace } = mesh.settings
  const namespaces = [
    ...new Set([
      policy.namespace,
      rootNamespace,
      ...chains.map(({ gateway }) => gateway.namespace),
    ]),
  ]
  if (namespaces.some((namespace) => mayBeFilled(mesh, namespace))) return false
  const names = [ref.name, ...chains.map(({ gateway }) => gateway.name)]
  return !mesh.all('RequestAuthentication').some((other) => {
    if (isFilledIn(other, ['spec', 'targetRefs']) || isFilledIn(other, ['spec', 'targetRef']))
      return true
    return isUnnamed(other.namespace) && other.targetRefs.some(({ name }) => names.includes(name))
  })
}

/** Without the Namespace in the files, a RequestAuthentication may exist outside of them. */
function noOtherRequestAuthentication(
  mesh: Mesh,
  { namespace }: AuthorizationPolicy,
): KnownCertainty {
  return mesh.world === 'closed' || mesh.named('Namespace', '', namespace)
    ? CERTAIN
    : assumed('no RequestAuthentication outside these files has the same target')
}

/** Verifies the tokens of the issuers that the policy names. */
function addRequestAuthentication(
  policy: AuthorizationPolicy,
  attachments: readonly Attachment[],
  attributes: readonly RuleAttribute[],
): Fix[] {
  const issuers = [...new Set(attributes.flatMap(issuersOf))]
  if (issuers.length === 0) return []
  const refs = attachments.map(({ ref: { kind, group, name } }) => ({ kind, group, name }))
  const object = {
    apiVersion: apiVersionOf('RequestAuthentication'),
    kind: 'RequestAuthentication',
    metadata: metadataBeside(policy, `${policy.name}-tokens`),
    spec: { targetRefs: refs, jwtRules: issuers.map((issuer) => ({ issuer })) },
  }
  return [
    {
      title: `Add a RequestAuthentication for tokens of ${listed(issuers.map((issuer) => quoted(issuer)))}`,
      preferred: true,
      safe: false,
      edits: [{ op: 'add', after: policy, objects: [object] }],
    },
  ]
}

/** The issuers that an attribute names without a wildcard. */
function issuersOf({ attribute, name, values, negated }: RuleAttribute): string[] {
  if (negated || !attribute || !isTokenAttribute(attribute)) return []
  return values
    .map((value) => ISSUER_OF[attribute](value, name))
    .filter((issuer): issuer is string => Boolean(issuer) && !issuer?.includes('*'))
}

const ISSUER_OF: Readonly<
  Record<TokenAttribute, (value: string, key: string) => string | undefined>
> = {
  requestPrincipal: (value) => parseRequestPrincipal(value)?.issuer,
  claim: (value, key) => (key === 'request.auth.claims[iss]' ? value : undefined),
  audience: () => undefined,
  presenter: () => undefined,
}
