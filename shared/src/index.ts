// The exports of the evaluator. What server and client need is listed here by hand.

// text
export { addAllToGroup, addToGroup, groupBy, getOrInsert } from './text/collections.js'
export {
  lineStartsOf,
  offsetAt,
  positionAt,
  rangeCovers,
  rangeOf,
  shiftRange,
  type LineStarts,
  type Position,
  type Range,
  type Span,
} from './text/lineIndex.js'

export { withoutPause } from './text/steps.js'

// vocabulary
export { roleOf, type KindRole } from './vocabulary/kinds.js'
export { shortPrincipal } from './vocabulary/principal.js'
export { PRODUCT_NAME } from './vocabulary/productName.js'

// yaml
export type { FieldPath, PathSegment } from './yaml/node.js'
export { SourceComments, type SourceComment } from './yaml/sourceComment.js'
export { unusualDocuments, type UnusualDocument } from './yaml/unusualKind.js'
export { REASON_PLACEHOLDER } from './yaml/suppressions.js'
export { SplitText, type FileText } from './yaml/splitText.js'
export { applyTextEdits, type TextEdit } from './yaml/edit/textEdit.js'

export { fieldAtOffset, type FieldAtOffset } from './yaml/fieldAtOffset.js'
export { toPlain } from './yaml/node.js'
export { parseYaml } from './yaml/parseYaml.js'

// resources
export {
  qualifiedName,
  type Labels,
  type Origin,
  type Resource,
  type ResourceOf,
  type ResourceType,
} from './resources/resource.js'
export type { AuthorizationPolicy } from './resources/authorizationPolicy.js'
export type { PeerAuthentication } from './resources/peerAuthentication.js'
export type { Gateway, GatewayClass } from './resources/gateway.js'
export type { Namespace } from './resources/namespace.js'
export type { Service } from './resources/service.js'
export type { ServiceEntry } from './resources/serviceEntry.js'
export type { FileFacts, FileDocument } from './resources/fileFacts.js'
export { isBuildFile } from './resources/buildFileNames.js'
export { printable } from './text/printable.js'
export { globMatcher } from './text/pattern/globMatcher.js'
export { matchesParts } from './text/pattern/wildcards.js'
export { isInside, joinPath } from './resources/paths.js'
export { isUnnamed, namespaceLabel, unnamedNamespace } from './resources/namespaceId.js'

// inventory
export { keys } from './inventory/indexKeys.js'
export type { Workload } from './inventory/workloads.js'

// mesh
export { Mesh, query, type World } from './mesh/mesh.js'
export type { AssumeAmbient, MeshSettings } from './mesh/meshSettings.js'
export { nearMiss } from './mesh/nearMiss.js'
export { ISTIOD_FLAGS, type EffectiveSettings } from './mesh/settings.js'
export { enrolmentOf } from './mesh/enrolment.js'
export { namespaceEnrolment } from './mesh/namespaceEnrolment.js'
export type { Enrolment } from './mesh/enrolmentByLabels.js'
export { serviceAccountOf } from './mesh/pods.js'
export { waypointOfService, waypointOfWorkload } from './mesh/waypoints.js'
export { boundName, type WaypointBinding } from './mesh/waypointBinding.js'
export type { Certainty, Evidence } from './mesh/certainty.js'

// ztunnel
export type { Authorization } from './ztunnel/authorization.js'
export {
  dumpServices,
  dumpWorkloads,
  type DumpedService,
  type DumpedWorkload,
} from './ztunnel/configDump.js'
export {
  compareDump,
  type DumpComparison,
  type DumpDifference,
  type DumpPart,
} from './ztunnel/compare/compareDump.js'
export { readDump, type ActualConfig } from './ztunnel/compare/readDump.js'
export { policyKeysOf, sentPolicies } from './ztunnel/enforcement.js'

// access
export { changesInWords } from './access/changesInWords.js'
export { destinationOf } from './access/destination.js'
export { evaluateRequest } from './access/evaluateRequest.js'
export {
  requestChoices,
  type DestinationChoice,
  type NamedValues,
  type RequestChoices,
  type SourceChoice,
} from './access/choices.js'
export { nearestMiss, type NearestMiss } from './access/nearestMiss.js'
export { verdictInWords } from './access/verdictInWords.js'
export { NO_PROXY, reasonInWords } from './access/reasonInWords.js'
export type { RequestChange } from './access/requestCandidates.js'
export type {
  AccessAnswer,
  AccessRequest,
  Hop,
  RequestHttp,
  RequestTarget,
  Verdict,
} from './access/request.js'

// space
export type { AccessEffect, EffectOnTarget } from './space/accessEffect.js'
export {
  accessMatrix,
  accessMatrixSteps,
  type AccessMatrix,
  type MatrixRow,
  type MatrixVerdict,
} from './space/accessMatrix.js'
export { requestsInWords, targetInWords, targetName } from './space/accessInWords.js'
export type { AccessBox } from './space/accessBoxes.js'
export {
  CHANGE_KINDS,
  compareAccess,
  compareAccessSteps,
  type AccessChange,
  type AccessComparison,
  type ChangeKind,
} from './space/compareAccess.js'
export type { Decider, Judgement } from './space/decider.js'
export { accountClients } from './space/clientIndex.js'
export { allDestinations, destinationKey } from './space/destinations.js'
export {
  findAccess,
  findAccessSteps,
  type AccessAnswers,
  type FoundAccess,
} from './space/findAccess.js'
export { MOST_COMPARISONS_IN_EDITOR } from './space/limits.js'
export type { Question } from './space/question.js'
export { renamedAccounts, type RenamedAccount } from './space/renamedAccounts.js'

// logs
export { explainLine, type LineExplanation } from './logs/explainLine.js'
export { differentLines, explainLines } from './logs/explainLines.js'
export {
  causeInWords,
  loggedVerdictInWords,
  proxyInWords,
  type LineWords,
} from './logs/lineInWords.js'
export type { LogLine } from './logs/logLine.js'
export { parseLogs, type ParsedLogs } from './logs/parseLogs.js'

// status
export { predictedStatus } from './status/predictStatus.js'
export type { Condition, PredictedCondition } from './status/condition.js'

// rules
export type { LocatedFinding } from './analysis/findingLocator.js'
export {
  countHiddenFindings,
  locatedFindings,
  meshFindings,
  type MeshFinding,
} from './analysis/meshFindings.js'
export {
  Analysis,
  type AnalysisOptions,
  type FileChange,
  type UpdateResult,
} from './analysis/analysis.js'
export { WorkspaceMeshes, type WorkspaceMeshesOptions } from './analysis/workspaceMeshes.js'
export { accessSinceInSteps, policiesSince } from './analysis/accessSince.js'
export { ClosedMesh, closedMeshOf } from './analysis/closedMesh.js'
export { LEVELS, type Finding, type Level, type Place } from './rules/finding.js'
export type { Edit, Fix } from './rules/fix.js'
export { INTERNAL_ERROR } from './analysis/runRules.js'
export {
  effectInWords,
  newTexts,
  proveChange,
  proveFix,
  provenFix,
  type FixProof,
} from './analysis/fixProof.js'
export { renderEdits, type SourceLookup, type FileEdit } from './analysis/renderEdits.js'
export {
  applySafeFixes,
  hasTemplate,
  safeFixEdits,
  type SafeFix,
  type SafeFixOptions,
} from './analysis/safeFixes.js'
export { unreadParts, type UnreadPart } from './analysis/unread.js'
export { sourceLookupOf } from './analysis/sourceLookup.js'
export { ALL_RULES } from './rules/registry.js'
export type { Rule } from './rules/rule.js'

// explain
export { escapeMarkdown } from './explain/escapeMarkdown.js'
export { describeField } from './explain/describeField.js'
export { explainField } from './explain/explainField.js'
export { explainObject } from './explain/explainObject.js'
export type {
  AuthorizationPolicyExplanation,
  EnforcedBy,
  EnforcementRow,
  EnforcementTarget,
  EnrolmentExplanation,
  Explanation,
  PeerAuthenticationExplanation,
  AppliedPolicyExplanation,
  PortMutualTls,
  RuleExplanation,
  ServiceAccountExplanation,
  StatusExplanation,
  SubjectExplanation,
  WaypointExplanation,
} from './explain/explanation.js'
export { hintsFor, type Hint } from './explain/hints.js'
export {
  hasObjectDocument,
  objectDocument,
  type ObjectDocumentKind,
} from './explain/objectDocuments.js'
export { lensesFor, type Lens } from './explain/lenses.js'
export { connectionsPicture } from './explain/connectionsPicture.js'
export type { MeshPicture, PictureEdge, PictureNode } from './explain/meshPicture.js'
export {
  namespaceItems,
  namespaceTree,
  type MeshTreeItem,
  type ProblemCounts,
} from './explain/meshTree.js'
export { explanationToMarkdown } from './explain/toMarkdown.js'
export { explanationToText } from './explain/toText.js'

// navigation
export {
  thingKey,
  type Mention,
  type PlacedMention,
  type Thing,
  type ThingKind,
} from './navigation/mention.js'
export { definitionsOf, mentionsOf } from './navigation/mentionsOf.js'
export { sameNames, whyNoName, whyNotRenamed } from './navigation/rename.js'
export {
  allowedCallees,
  allowedCallers,
  takesPartInCalls,
  type AllowedCall,
} from './navigation/calls.js'
export { explainThing, type ThingExplanation } from './navigation/explainThing.js'
export { lensObjects } from './navigation/lensObjects.js'
export { refactorings } from './navigation/refactor/refactorings.js'
export { foldingLines, type FoldingLines } from './navigation/foldingLines.js'
export { objectOutline, type OutlineItem } from './navigation/objectOutline.js'
export { selectionSpans } from './navigation/selectionSpans.js'
export { MentionPlaces, type MentionPlace } from './navigation/mentionPlaces.js'

// completion
export { complete, type CompletionRequest } from './completion/complete.js'
export { completeIgnoreComment } from './completion/completeIgnoreComment.js'
export type { Completion, Completions } from './completion/completion.js'
export { withoutStops } from './completion/snippets.js'

// docs
export { RULE_CATALOGUE } from './rules/catalogue.js'

// protocol
export * from './protocol/index.js'

// policy tests
export * from './accessTests/index.js'
