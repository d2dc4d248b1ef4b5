import { NameIndex } from '../../mesh/nameIndex.js'
import { keys } from '../../inventory/indexKeys.js'
import { assumed, CERTAIN } from '../../mesh/certainty.js'
import { mayBeFilled } from '../../mesh/described.js'
import { serviceAccountOf } from '../../mesh/pods.js'
import { gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { formatServiceAccount, parseServiceAccount } from '../../vocabulary/serviceAccountName.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { setValue } from '../fixes/setValue.js'
import { defineRule } from '../rule.js'
import { namedAccounts, withServiceAccount } from './namedAccounts.js'
import { mistypedAccount } from '../support/mistypedName.js'
import { firstThatFits, quoted } from '../support/words.js'
import { inNamespace } from '../support/resourceNames.js'

export const unknownServiceAccount = defineRule({
  name: 'unknown-service-account',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'Gateway',
    'GatewayClass',
    'Identity',
    'MeshConfig',
    'Namespace',
    'Other',
    'ServiceAccount',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    for (const account of mesh.perQuery(namedAccounts, policy)) {
      const { namespace, serviceAccount } = account
      if (
        serviceAccount === undefined ||
        mesh.get(isKnown, formatServiceAccount({ namespace, serviceAccount }))
      )
        continue
      const existing = mesh.get(accountsIn, namespace)
      if (existing.has(serviceAccount) || mesh.get(hasUnreadableAccount, namespace)) continue
      const similar = mesh.get(similarAccount, formatServiceAccount({ namespace, serviceAccount }))
      if (
        similar === undefined ||
        !showsAccounts(mesh, namespace) ||
        existsWithoutNamespace(mesh, serviceAccount)
      )
        continue
      const object = mesh.named('ServiceAccount', namespace, similar)
      const { path } = account
      const unknown = `Unknown service account ${quoted(serviceAccount)}`
      report({
        message: firstThatFits(
          `${unknown} ${inNamespace(namespace)}: this value never matches. Did you mean ${quoted(similar)}?`,
          `${unknown}: this value never matches. Did you mean ${quoted(similar)}?`,
        ),
        path,
        certainties: [
          mesh.world === 'closed'
            ? CERTAIN
            : assumed(`there is no service account "${serviceAccount}" outside these files`),
        ],
        related: object
          ? [
              {
                resource: object,
                path: ['metadata', 'name'],
                message: `Service account "${similar}" is defined here.`,
              },
            ]
          : [],
        fixes: () => [
          setValue({ resource: policy, path, value: withServiceAccount(account, similar) }),
        ],
      })
    }
  },
})

/**
 * Whether the files show the service accounts of a namespace well enough to report an unknown one.
 */
function showsAccounts(mesh: Mesh, namespace: string): boolean {
  if (mesh.hasOpaque('ServiceAccount') || mayBeFilled(mesh, namespace)) return false
  return (
    mesh.world === 'closed' ||
    isUnnamed(namespace) ||
    mesh.named('Namespace', '', namespace) !== undefined
  )
}

/**
 * Whether a workload runs as a service account, given as `namespace/name`, or the files define it.
 * Checked first, because the list of all accounts changes with every workload of the namespace.
 */
const isKnown = query('account known', (mesh, account: string): boolean => {
  const { namespace, serviceAccount } = parseServiceAccount(account, '')
  return (
    mesh.workloadsAt(keys.identity(namespace, serviceAccount)).length > 0 ||
    mesh.named('ServiceAccount', namespace, serviceAccount) !== undefined
  )
})

/**
 * The service accounts of a namespace: defined ones, those of workloads and gateways, and
 * `default`.
 */
const accountsIn = query(
  'service accounts in namespace',
  (mesh, namespace: string): ReadonlySet<string> =>
    new Set([
      'default',
      ...mesh.inNamespace('ServiceAccount', namespace).map(({ name }) => name),
      ...mesh.workloadsAt(keys.workloads(namespace)).map(serviceAccountOf),
      ...mesh
        .inNamespace('Gateway', namespace)
        .map((gateway) => mesh.get(gatewayServiceAccount, gateway)),
    ]),
)

const hasUnreadableAccount = query('unreadable account', (mesh, namespace: string): boolean =>
  [...mesh.get(accountsIn, namespace)].some(isPlaceholder),
)

const accountIndex = query(
  'index of accounts',
  (mesh, namespace: string) => new NameIndex(mesh.get(accountsIn, namespace)),
  { lazy: true },
)

/** The account of which an account, given as `namespace/name`, is probably a misspelling. */
const similarAccount = query('similar account', (mesh, account: string): string | undefined => {
  const { namespace, serviceAccount } = parseServiceAccount(account, '')
  return mistypedAccount(serviceAccount, mesh.get(accountsIn, namespace), () =>
    mesh.get(accountIndex, namespace),
  )
})

/**
 * Whether the files have a service account of this name without a namespace, which may be the one
 * in question.
 */
function existsWithoutNamespace(mesh: Mesh, serviceAccount: string): boolean {
  return (
    mesh.at('ServiceAccount', keys.unnamedIdentity('ServiceAccount', serviceAccount)).length > 0 ||
    mesh.workloadsAt(keys.unnamedIdentity('Identity', serviceAccount)).length > 0
  )
}
