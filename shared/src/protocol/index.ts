// What the protocol exports to server and client.

export { completeSettings, explainSetting } from './settingsDocument.js'
export {
  DEFAULT_SETTINGS,
  isSettingsFile,
  mergeSettings,
  SETTINGS_FILE,
  SETTINGS_SECTION,
  type ChartSettings,
  type CodeLensSettings,
  type GivenSettings,
  type InlayHintSettings,
  type Settings,
} from './settings.js'
export { decodeRequest, type DecodedRequest } from './decodeRequest.js'
export { decodeSettings, type DecodedSettings, type SettingProblem } from './decodeSettings.js'
export { readSettingsFile, type SettingsFileProblem } from './readSettingsFile.js'
export { evaluateArgument } from './evaluateArgument.js'
export {
  ACCESS_MATRIX_REQUEST,
  ACCESS_REQUEST,
  type AccessBoxes,
  type AccessMatrixResult,
  type AccessParams,
  type AccessReason,
  type AccessResult,
  BASE_TEXTS_NOTIFICATION,
  type BaseTextsParams,
  COMPARE_ACCESS_REQUEST,
  type CompareAccessParams,
  type CompareAccessResult,
} from './accessMessages.js'
export {
  EVALUATE_CHOICES_REQUEST,
  EVALUATE_REQUEST,
  type EvaluateAnswer,
  type EvaluateChoicesParams,
  type EvaluateCommandArgument,
  type EvaluateFinding,
  type EvaluateHop,
  type EvaluateParams,
  type EvaluateResult,
  MESH_VIEW_REQUEST,
  type MeshSummary,
  type MeshViewParams,
  type MeshViewResult,
  type PlaceLink,
  READ_DIRECTORIES_REQUEST,
  READ_FILES_REQUEST,
  type ReadDirectoriesResult,
  type ReadFilesParams,
  type ReadFilesResult,
  type ReadUrisParams,
  RULE_PAGE_SCHEME,
  rulePageUri,
  RULES_REQUEST,
  SERVER_COMMANDS,
  IDLE_REQUEST,
  STATUS_NOTIFICATION,
  type FolderStatus,
  type InitializationOptions,
  type RuleSummary,
  type StatusParams,
} from './messages.js'
export {
  OBJECT_DOCUMENTS_REQUEST,
  objectDocumentUri,
  readObjectDocumentUri,
  type ObjectDocumentName,
  type ObjectDocumentsParams,
  type ObjectDocumentsResult,
} from './objectDocumentUri.js'
export {
  EXPLAIN_LOG_REQUEST,
  type ExplainLogParams,
  type ExplainLogResult,
  type LogAnswer,
  type LoggedObjectLink,
} from './logMessages.js'
export { CALL_TOOL_REQUEST, type CallToolParams, type CallToolResult } from './toolMessages.js'
