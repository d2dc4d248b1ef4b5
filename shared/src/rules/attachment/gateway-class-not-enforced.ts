import { classRole } from '../../mesh/gatewayClass.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setValue } from '../fixes/setValue.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { isClassReference } from '../support/waypointAttachments.js'
import { resolveTarget } from '../../waypoint/attachment.js'
import { showsAllTargets, targetNames } from '../../waypoint/targetNames.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'

export const gatewayClassNotEnforced = defineRule({
  name: 'gateway-class-not-enforced',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: ['GatewayClass', 'MeshConfig'],
  check(policy, { mesh, report }) {
    if (policy.namespace !== mesh.settings.rootNamespace) return
    for (const ref of policy.targetRefs.filter(isClassReference)) {
      const target = resolveTarget(mesh, policy, ref)
      if (target.kind === 'none' && target.reason === 'unsupported by release') {
        report({
          message:
            `The API server rejects this policy: Istio ${mesh.settings.istioVersion} ` +
            'does not support a GatewayClass as target.',
          path: [...ref.path, 'kind'],
        })
        continue
      }
      if (ref.name === '' || ref.name === WAYPOINT_CLASS || isPlaceholder(ref.name)) continue
      // Another rule reports a class that does not exist.
      if (
        target.kind === 'none' &&
        (showsAllTargets(mesh, policy.namespace, 'GatewayClass') ||
          nearMiss(ref.name, targetNames(mesh, policy.namespace, 'GatewayClass')) !== undefined)
      )
        continue
      const object = mesh.named('GatewayClass', '', ref.name)
      const accepted =
        policy.type === 'AuthorizationPolicy' &&
        mesh.get(classRole, ref.name) === 'waypoint' &&
        object
          ? ' Its status still says Accepted.'
          : ''
      const reason = `waypoints require the class "${WAYPOINT_CLASS}"`
      report({
        message: firstThatFits(
          `This policy is not enforced for class ${quoted(ref.name, 24)}: ${reason}.${accepted}`,
          `This policy is not enforced for its class: ${reason}.${accepted}`,
        ),
        path: [...ref.path, 'name'],
        related: object
          ? [
              {
                resource: object,
                path: ['spec', 'controllerName'],
                message: `GatewayClass "${object.name}" is defined here.`,
              },
            ]
          : [],
        fixes: () =>
          rankFixes(
            policy.targetRefs.some(
              (other) => isClassReference(other) && other.name === WAYPOINT_CLASS,
            )
              ? undefined
              : setValue({ resource: policy, path: [...ref.path, 'name'], value: WAYPOINT_CLASS }),
          ),
      })
    }
  },
})
