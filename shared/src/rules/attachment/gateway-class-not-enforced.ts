import { classRole } from '../../mesh/gatewayClass.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setValue } from '../fixes/didYouMean.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { isClassReference } from '../support/attached.js'
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
          message: `Istio ${mesh.settings.istioVersion} has no policies for a GatewayClass: the API server rejects this one, so it is enforced nowhere.`,
          path: [...ref.path, 'kind'],
        })
        continue
      }
      if (ref.name === '' || ref.name === WAYPOINT_CLASS || isPlaceholder(ref.name)) continue
      // A class that does not exist is another finding.
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
          ? ', though its status says Accepted'
          : ''
      report({
        message: firstThatFits(
          `Waypoints obey policies for class "${WAYPOINT_CLASS}" only: for class ${quoted(ref.name, 24)} this one is enforced nowhere${accepted}.`,
          `Waypoints obey policies for class "${WAYPOINT_CLASS}" only: this one is enforced nowhere${accepted}.`,
        ),
        path: [...ref.path, 'name'],
        related: object
          ? [
              {
                resource: object,
                path: ['spec', 'controllerName'],
                message: `The GatewayClass "${object.name}".`,
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
