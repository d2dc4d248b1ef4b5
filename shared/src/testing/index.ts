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
