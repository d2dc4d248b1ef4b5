import { classRole } from '../mesh/gatewayClass.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Gateway, Listener } from '../resources/gateway.js'
import type { Edit, Fix } from './fix.js'
import { defineRule } from './rule.js'
import { isFilledIn } from './support/filledIn.js'
import { fitting, quoted } from './support/words.js'
import { SHOP } from './support/examples.js'
import { hasInboundBinding, INBOUND_BINDING } from './waypointSupport/inboundBinding.js'
import { shownName } from './waypointSupport/names.js'

const PORT = 15008
const PROTOCOL = 'HBONE'

export const waypointListener = defineRule({
  name: 'waypoint-listener',
  level: 'error',
  subjects: ['Gateway'],
  reads: ['GatewayClass'],
  docs: {
    summary: 'A waypoint has no HBONE listener on port 15008.',
    why: `ztunnel reaches a waypoint on port 15008 and nowhere else. The Service that istiod makes for the Gateway has the ports of its listeners, so that without this one the port is missing there, and every connection that should pass the waypoint fails. A listener on that port with another protocol is not accepted (\`Expected a single listener on port 15008 with protocol "HBONE"\`), and its \`allowedRoutes\` are not read: only the waypoint's own namespace may use it.

A waypoint with its own inbound binding (\`${INBOUND_BINDING}\`) is not judged.`,
    bad: `${SHOP.replace('gatewayClassName: istio-waypoint', 'gatewayClassName: corp').replace('port: 15008', 'port: 8080')}---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: corp
spec:
  controllerName: istio.io/mesh-controller
`,
    good: SHOP,
    fix: 'Give the Gateway the listener that `istioctl waypoint generate` writes: port 15008, protocol `HBONE`.',
    references: [
      'istio/istio pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go (extractServicePorts)',
      'istio/istio pilot/pkg/config/kube/gateway/conversion.go (unexpectedWaypointListener)',
      'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:608-663',
    ],
  },
  check(gateway, { mesh, report }) {
    if (mesh.get(classRole, gateway.gatewayClassName) !== 'waypoint' || isJudgedElsewhere(mesh, gateway)) return
    if (gateway.listeners.some(({ port, protocol }) => port === PORT && protocol === PROTOCOL)) return
    const name = `Waypoint ${quoted(shownName(gateway), 48)}`
    const onPort = gateway.listeners.findIndex(({ port }) => port === PORT)
    const unusable = `${name} has no HBONE listener on port 15008`
    report({
      message: onPort < 0
        ? `${unusable}: traffic that is sent through it fails.`
        : fitting(`${unusable}: istiod does not accept the one there, and other namespaces cannot use it.`, `${unusable}: other namespaces cannot use it.`),
      path: placeOf(gateway.listeners, onPort),
      fixes: () => [repair(gateway, onPort)],
    })
  },
})

/** A waypoint behind another proxy of its pod, one whose Service somebody else writes, or listeners that another tool fills in. */
function isJudgedElsewhere(mesh: Mesh, gateway: Gateway): boolean {
  return gateway.addressTypes.length > 0 || isFilledIn(gateway, ['spec', 'listeners']) || hasInboundBinding(mesh, gateway)
}

function placeOf(listeners: readonly Listener[], onPort: number): readonly (string | number)[] {
  if (onPort >= 0) return ['spec', 'listeners', onPort, 'protocol']
  const hbone = listeners.findIndex(({ protocol }) => protocol === PROTOCOL)
  return hbone < 0 ? ['spec', 'listeners'] : ['spec', 'listeners', hbone, 'port']
}

function repair(gateway: Gateway, onPort: number): Fix {
  const place = placeOf(gateway.listeners, onPort)
  const field = place[3]
  if (field === undefined) return fixOf('Add an HBONE listener on port 15008', { op: 'append', resource: gateway, path: place, values: [{ name: freeName(gateway), port: PORT, protocol: PROTOCOL }] })
  return fixOf(field === 'port' ? 'Listen on port 15008' : 'Change the protocol to "HBONE"', { op: 'set', resource: gateway, path: place, value: field === 'port' ? PORT : PROTOCOL })
}

function fixOf(title: string, edit: Edit): Fix {
  return { title, preferred: true, safe: false, edits: [edit] }
}

function freeName({ listeners }: Gateway): string {
  return listeners.some(({ name }) => name === 'mesh') ? 'hbone' : 'mesh'
}
