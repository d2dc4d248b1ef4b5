import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway, Listener } from '../../resources/gateway.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'
import { hasInboundBinding } from './inboundBinding.js'
import { shownName } from '../support/resourceNames.js'

const PORT = 15008
const PROTOCOL = 'HBONE'

export const waypointListener = defineRule({
  name: 'waypoint-listener',
  level: 'error',
  subjects: ['Gateway'],
  reads: ['GatewayClass'],
  check(gateway, { mesh, report }) {
    if (
      mesh.get(classRole, gateway.gatewayClassName) !== 'waypoint' ||
      isJudgedElsewhere(mesh, gateway)
    )
      return
    if (gateway.listeners.some(({ port, protocol }) => port === PORT && protocol === PROTOCOL))
      return
    const name = `Waypoint ${quoted(shownName(gateway), 48)}`
    const onPort = gateway.listeners.findIndex(({ port }) => port === PORT)
    const unusable = `${name} has no HBONE listener on port 15008`
    report({
      message:
        onPort < 0
          ? `${unusable}: traffic that is sent through it fails.`
          : firstThatFits(
              `${unusable}: istiod does not accept the one there, and other namespaces cannot use it.`,
              `${unusable}: other namespaces cannot use it.`,
            ),
      path: placeOf(gateway.listeners, onPort),
      fixes: () => [repair(gateway, onPort)],
    })
  },
})

/** A waypoint behind another proxy of its pod, one whose Service somebody else writes, or listeners that another tool fills in. */
function isJudgedElsewhere(mesh: Mesh, gateway: Gateway): boolean {
  return (
    gateway.addressTypes.length > 0 ||
    isFilledIn(gateway, ['spec', 'listeners']) ||
    hasInboundBinding(mesh, gateway)
  )
}

function placeOf(listeners: readonly Listener[], onPort: number): readonly (string | number)[] {
  if (onPort >= 0) return ['spec', 'listeners', onPort, 'protocol']
  const hbone = listeners.findIndex(({ protocol }) => protocol === PROTOCOL)
  return hbone < 0 ? ['spec', 'listeners'] : ['spec', 'listeners', hbone, 'port']
}

function repair(gateway: Gateway, onPort: number): Fix {
  const place = placeOf(gateway.listeners, onPort)
  const field = place[3]
  if (field === undefined)
    return fixOf('Add an HBONE listener on port 15008', {
      op: 'append',
      resource: gateway,
      path: place,
      values: [{ name: freeName(gateway), port: PORT, protocol: PROTOCOL }],
    })
  return fixOf(field === 'port' ? 'Listen on port 15008' : 'Change the protocol to "HBONE"', {
    op: 'set',
    resource: gateway,
    path: place,
    value: field === 'port' ? PORT : PROTOCOL,
  })
}

function fixOf(title: string, edit: Edit): Fix {
  return { title, preferred: true, safe: false, edits: [edit] }
}

function freeName({ listeners }: Gateway): string {
  return listeners.some(({ name }) => name === 'mesh') ? 'hbone' : 'mesh'
}
