import { splitOnce } from '../text/splitOnce.js'
import { NameIndex } from '../mesh/nameIndex.js'
import {
  describedForGateways,
  describedForServiceEntries,
  describedForServices,
} from '../mesh/described.js'
import { gatewayServiceName } from '../mesh/gatewayClass.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { GATEWAY_CLASSES } from '../vocabulary/gatewayClasses.js'
import { TARGET_KINDS, type TargetKind } from '../vocabulary/kinds.js'

/** Whether the files show every object that a policy of a namespace can target by this kind. */
export function showsAllTargets(mesh: Mesh, namespace: string, kind: TargetKind): boolean {
  switch (kind) {
    case 'Service':
      return mesh.get(describedForServices, namespace)
    case 'ServiceEntry':
      return mesh.get(describedForServiceEntries, namespace)
    case 'Gateway':
      return mesh.get(describedForGateways, namespace)
    case 'GatewayClass':
      return mesh.world === 'closed'
  }
}

/** The names that a policy of a namespace can target by a kind, those of generated objects included. */
export function targetNames(mesh: Mesh, namespace: string, kind: TargetKind): readonly string[] {
  switch (kind) {
    case 'Service':
      return serviceNames(mesh, namespace)
    case 'ServiceEntry':
    case 'Gateway':
      return mesh.inNamespace(kind, namespace).map(({ name }) => name)
    case 'GatewayClass':
      return [...GATEWAY_CLASSES.keys(), ...mesh.all(kind).map(({ name }) => name)]
  }
}

/** The targetable name of which a name is probably a misspelling. */
export function similarTarget(
  mesh: Mesh,
  { namespace, kind, name }: { namespace: string; kind: TargetKind; name: string },
): string | undefined {
  return mesh.get(targetIndex, `${kind} ${namespace}`).nearest(name)
}

const targetIndex = query(
  'index of targets',
  (mesh, key: `${TargetKind} ${string}`) => {
    const [first, namespace] = splitOnce(key, ' ')
    const kind = TARGET_KINDS.find((each) => each === first)
    return new NameIndex(kind ? targetNames(mesh, namespace, kind) : [])
  },
  { lazy: true },
)

/** Services of the files, those that istiod makes for Gateways, and the API server's own. */
function serviceNames(mesh: Mesh, namespace: string): string[] {
  return [
    ...mesh.inNamespace('Service', namespace).map(({ name }) => name),
    ...mesh
      .inNamespace('Gateway', namespace)
      .map((gateway) => mesh.get(gatewayServiceName, gateway)),
    ...(namespace === 'default' ? ['kubernetes'] : []),
  ]
}
