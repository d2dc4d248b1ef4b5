import { keys } from '../../inventory/indexKeys.js'
import { gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import { query } from '../../mesh/mesh.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { formatServiceAccount, parseServiceAccount } from '../../vocabulary/serviceAccountName.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import { namedAccounts } from './namedAccounts.js'
import {
  ifAllOutsideMesh,
  addToAmbient,
  showsAllCaptured,
  type WorkloadsOutsideMesh,
} from '../support/outsideMesh.js'
import { firstThatFits, quoted } from '../support/words.js'
import { nameWorkloads } from '../support/coverage.js'

export const principalOutsideMesh = defineRule({
  name: 'principal-outside-mesh',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'Identity',
    'MeshConfig',
    'Namespace',
    'Other',
    'Workload',
  ],
  check(policy, { mesh, report }) {
    if (isDryRun(policy) || selectsProxies(mesh, policy)) return
    for (const account of mesh.perQuery(namedAccounts, policy)) {
      const { namespace, serviceAccount } = account
      const isNamespace = serviceAccount === undefined
      if (isNamespace && namespace === policy.namespace) continue
      const outsiders = isNamespace
        ? mesh.get(namespaceOutsideMesh, namespace)
        : mesh.get(workloadsOutsideMesh, formatServiceAccount({ namespace, serviceAccount }))
      if (!outsiders) continue
      const where = nameWorkloads(outsiders.workloads)
      const one = outsiders.workloads.length === 1
      const noClient = `No client has ${isNamespace ? 'an identity of this namespace' : 'this identity'}`
      report({
        message: firstThatFits(
          `${noClient}: ${where} ${one ? 'is outside the mesh and sends' : 'are outside the mesh and send'} plaintext.`,
          `${noClient}: all ${isNamespace ? 'its workloads' : 'workloads with this service account'} are outside the mesh.`,
        ),
        path: account.path,
        related: [
          ...outsiders.workloads.slice(0, 5).map((workload) => ({
            resource: workload,
            path: ['metadata', 'name'],
            message: `Workload ${quoted(workload.name)} ${isNamespace ? 'is in this namespace' : 'has this service account'}.`,
          })),
          ...outsiders.evidence,
        ],
        fixes: () => rankFixes(addToAmbient(mesh, outsiders)),
      })
    }
  },
})

/** The workloads of a service account, if all of them are certainly outside the mesh. */
const workloadsOutsideMesh = query(
  'outsiders of account',
  (mesh, account: string): WorkloadsOutsideMesh | undefined => {
    const { namespace, serviceAccount } = parseServiceAccount(account, '')
    const outsiders = isUnnamed(namespace)
      ? undefined
      : ifAllOutsideMesh(mesh, mesh.workloadsAt(keys.identity(namespace, serviceAccount)))
    return outsiders &&
      !mesh.get(accountsOfGateways, namespace).has(serviceAccount) &&
      showsAllCaptured(mesh, namespace)
      ? outsiders
      : undefined
  },
)

/** The workloads of a namespace, if all of them are certainly outside the mesh, and it has no gateway. */
const namespaceOutsideMesh = query(
  'outsiders of namespace',
  (mesh, namespace: string): WorkloadsOutsideMesh | undefined => {
    if (isUnnamed(namespace) || mesh.inNamespace('Gateway', namespace).length > 0) return undefined
    const { mode, certainty } = mesh.get(namespaceEnrolment, namespace)
    return mode === 'none' && certainty.level === 'certain'
      ? ifAllOutsideMesh(mesh, mesh.workloadsAt(keys.workloads(namespace)))
      : undefined
  },
)

const accountsOfGateways = query(
  'service accounts of gateways',
  (mesh, namespace: string): ReadonlySet<string> => {
    return new Set(
      mesh
        .inNamespace('Gateway', namespace)
        .map((gateway) => mesh.get(gatewayServiceAccount, gateway)),
    )
  },
)
