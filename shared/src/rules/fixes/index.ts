export {
  allowOnlyFromWaypoint,
  companionPolicy,
  accountsOf,
  type Companion,
} from './allowOnlyFromWaypoint.js'
export { bindToWaypoint, type BindOptions } from './bindToWaypoint.js'
export { rankFixes } from './rankFixes.js'
export {
  createWaypoint,
  createWaypointEdits,
  waypointGateway,
  type CreateWaypointOptions,
} from './createWaypoint.js'
export { takeNamespaceOut, takeWorkloadsOut } from './leaveAmbient.js'
export {
  denyPlaintext,
  removeDisableMode,
  removePortModes,
  replaceDisableWithPermissive,
  replaceDisableWithStrict,
  setModeStrict,
} from './mutualTls.js'
export { authorizationPolicy, freePolicyName, metadataBeside } from './newObject.js'
export { removeHttpAttributes } from './removeHttpAttributes.js'
export { removeSelector } from './removeSelector.js'
export { splitPolicy } from './splitPolicy.js'
export { waypointTargets, type WaypointIdentity, type WaypointTargets } from './waypointTargets.js'
