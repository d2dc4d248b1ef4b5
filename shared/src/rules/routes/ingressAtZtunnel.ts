import type { Workload } from '../../inventory/workloads.js'
import type { Evidence } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import type { Service } from '../../resources/service.js'
import { isCaptured, policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import { namedPeers } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import { isGatewayAccount } from '../support/gatewayAccounts.js'
import type { IngressGateway } from './ingressRoutes.js'
import { ztunnelPoliciesOf } from '../support/waypointVerdicts.js'
import { reachedContainerPorts } from '../support/waypointPaths.js'

/** Whether ztunnel certainly denies the gateway on every port of the Service. */
export function isDenied(mesh: Mesh, service: Service, { account }: IngressGateway): boolean {
  if (!account) return false
  const identity = { ...account, trustDomain: mesh.settings.trustDomain }
  const verdicts = capturedPods(mesh, service).flatMap((workload) =>
    reachedContainerPorts(workload, service).map((port) =>
      probe(mesh.get(ztunnelPoliciesOf, workload), { identity, port }),
    ),
  )
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'deny')
}

function capturedPods(mesh: Mesh, service: Service): Workload[] {
  return mesh.get(workloadsOfService, service).filter((workload) => mesh.get(isCaptured, workload))
}

/** The ALLOW policies at ztunnel that name the gateway's account: direct access is then intended. */
export function policiesAllowing(
  mesh: Mesh,
  service: Service,
  { account }: IngressGateway,
): Evidence[] {
  const { trustDomain } = mesh.settings
  const policies = capturedPods(mesh, service)
    .flatMap((workload) => mesh.get(policiesAtZtunnel, workload))
    .flatMap(({ authorization, policy }) => {
      if (!policy || authorization.action !== 'Allow') return []
      const named = authorization.rules
        .flatMap((rule) => namedPeers(rule, trustDomain))
        .filter(({ exact }) => exact)
      const names = named.some(({ identity }) =>
        account
          ? identity.namespace === account.namespace &&
            identity.serviceAccount === account.serviceAccount
          : isGatewayAccount(mesh, identity),
      )
      return names ? [policy] : []
    })
  return [...new Set(policies)].map((resource) => ({
    resource,
    path: ['metadata', 'name'],
    message: 'This policy allows the gateway at ztunnel.',
  }))
}
