export { applyFix, expectFixed, type FixChoice } from './applyFix.js'
export {
  analyse,
  compareMarked,
  describeFindings,
  findingsOf,
  type AnalyseOptions,
  type Files,
  type MarkedResult,
} from './checkFiles.js'
export { readMarkers, withoutArrows, type Marker } from './markers.js'
export { Views } from './views.js'
export { readYaml, resourceOf, resourcesOf } from './readYaml.js'
export {
  deployment,
  gateway,
  gatewayClass,
  namespace,
  pod,
  service,
  serviceAccount,
  serviceEntry,
  waypoint,
} from './builders.js'
export { documents, object, type Fields, type Labels } from './objectText.js'
export {
  authorizationPolicy,
  from,
  httpRoute,
  networkPolicy,
  peerAuthentication,
  requestAuthentication,
  to,
  when,
} from './policyBuilders.js'
export { replaceAllIn, replaceIn } from './replaceIn.js'
export { runs, sampled } from './runs.js'
export { shop } from './shop.js'
