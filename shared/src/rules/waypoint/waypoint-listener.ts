import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway, Listener } from '../../resources/gateway.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'
import { hasInboundBinding } from '../support/inboundBinding.js'
import { shownName } from '../support/resourceNames.js'

const PORT = 15008
const PROTOCOL = 'HBONE'

export const waypointListener = defineRule({
  name: 'waypoint-listener',
  level: 'error',
  subjects: ['Gateway'],
  reads: ['GatewayClass'],
  check(gateway, { mesh, report }) {
    if (mesh.get(classRole, gateway.gatewayClassName) !== 'waypoint' || isNotChecked(mesh, gateway))
      return
    if (gateway.listeners.some(({ port, protocol }) => port === PORT && protocol === PROTOCOL))
      return
    const name = quoted(shownName(gateway), 48)
    const onPort = gateway.listeners.findIndex(({ port }) => port === PORT)
    report({
      message:
        onPort < 0
          ? `Traffic through waypoint ${name} fails: it has no HBONE listener on port 15008.`
          : firstThatFits(
              `Other namespaces cannot use waypoint ${name}: its listener on port 15008 does ` +
                'not have the protocol HBONE.',
              `Other namespaces cannot use waypoint ${name}: it has no HBONE listener on port 15008.`,
            ),
      path: listenerPath(gateway.listeners, onPort),
      fixes: () => [repairListener(gateway, onPort)],
    })
  },
})

/** A waypoint with an inbound binding or a manual deployment, or with listeners that another tool fills in. */
function isNotChecked(mesh: Mesh, gateway: Gateway): boolean {
  return (
    gateway.addresses.length > 0 ||
    isFilledIn(gateway, ['spec', 'listeners']) ||
    hasInboundBinding(mesh, gateway)
  )
}

function listenerPath(
  listeners: readonly Listener[],
  onPort: number,
): readonly (string | number)[] {
  if (onPort >= 0) return ['spec', 'listeners', onPort, 'protocol']
  const hbone = listeners.findIndex(({ protocol }) => protocol === PROTOCOL)
  return hbone < 0 ? ['spec', 'listeners'] : ['spec', 'listeners', hbone, 'port']
}

function repairListener(gateway: Gateway, onPort: number): Fix {
  const path = listenerPath(gateway.listeners, onPort)
  const field = path[3]
  if (field === undefined)
    return fixOf('Add an HBONE listener on port 15008', {
      op: 'append',
      resource: gateway,
      path,
      values: [{ name: freeName(gateway), port: PORT, protocol: PROTOCOL }],
    })
  return fixOf(field === 'port' ? 'Listen on port 15008' : 'Change the protocol to "HBONE"', {
    op: 'set',
    resource: gateway,
    path,
    value: field === 'port' ? PORT : PROTOCOL,
  })
}

function fixOf(title: string, edit: Edit): Fix {
  return { title, preferred: true, safe: false, edits: [edit] }
}

function freeName({ listeners }: Gateway): string {
  return listeners.some(({ name }) => name === 'mesh') ? 'hbone' : 'mesh'
}
