import { serviceBehindName } from '../../mesh/services.js'
import { isExternalName } from '../../resources/service.js'
import { namesOtherNamespace, resolveTarget, serviceOf } from '../../waypoint/attachment.js'
import { setValue } from '../fixes/setValue.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'

export const externalNameTarget = defineRule({
  name: 'external-name-target',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'WasmPlugin'],
  reads: ['Gateway', 'GatewayClass', 'MeshConfig', 'Service', 'ServiceEntry'],
  check(policy, { mesh, report }) {
    for (const ref of policy.targetRefs) {
      if (namesOtherNamespace(policy, ref)) continue
      const service = serviceOf(resolveTarget(mesh, policy, ref))
      if (service?.type !== 'Service' || !isExternalName(service)) continue
      const behind = serviceBehindName(mesh, service)
      report({
        message: firstThatFits(
          `No proxy enforces this policy: Service ${quoted(service.name)} is an ExternalName, which no waypoint serves.`,
          'No proxy enforces this policy: its target is an ExternalName, which no waypoint serves.',
        ),
        path: [...ref.path, 'name'],
        related: [
          {
            resource: service,
            path: ['spec', 'type'],
            message: `Service "${service.name}" is another name for ${service.externalName ?? 'a host'}.`,
          },
        ],
        fixes: () =>
          behind?.namespace === policy.namespace
            ? [setValue({ resource: policy, path: [...ref.path, 'name'], value: behind.name })]
            : [],
      })
    }
  },
})
