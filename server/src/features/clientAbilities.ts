import type { InitializeParams } from 'vscode-languageserver'

/** The capabilities and initialization options of the client. */
export interface ClientAbilities {
  /** Answers `workspace/configuration`. */
  readonly configuration: boolean
  readonly dynamicConfiguration: boolean
  readonly workspaceFolders: boolean
  readonly dynamicFileWatching: boolean
  readonly codeLensRefresh: boolean
  readonly inlayHintRefresh: boolean
  /** Supports definitions with the range of the origin. */
  readonly definitionLinks: boolean
  readonly prepareRename: boolean
  /** Shows document symbols as a tree. */
  readonly symbolTrees: boolean
  /** Supports tab stops in completions. */
  readonly snippets: boolean
  /** Can ask for a confirmation before it applies an edit. */
  readonly changeAnnotations: boolean
  readonly documentChanges: boolean
  /** Supports tab stops in edits of code actions. */
  readonly snippetEdits: boolean
  /** Can create files in an edit. */
  readonly createsFiles: boolean
  /** Understands `istioAmbientPolicy/status`. */
  readonly status: boolean
  /** Reads files for the server. */
  readonly files: boolean
  /** Shows documents of the server, such as the pages of rules. */
  readonly textDocumentContent: boolean
  /** Another address for the pages of rules: a URI that contains `{rule}`. */
  readonly rulePages: string | undefined
  /** The client's command that opens the page of a rule. */
  readonly openRuleCommand: string | undefined
  /** The client's command that evaluates a request. */
  readonly evaluateCommand: string | undefined
  /** The client's commands that open the documents about an object. */
  readonly showReceivedCommand: string | undefined
  readonly showStatusCommand: string | undefined
  /** The client's command that runs policy tests. */
  readonly runTestsCommand: string | undefined
  /** The client's command that finds missing policy tests. */
  readonly findMissingTestsCommand: string | undefined
  /** The client's command that shows places beside a position, given a URI, the position and the locations. */
  readonly showPlacesCommand: string | undefined
  /** Runs commands from links in hovers. */
  readonly commandLinks: boolean
  /** Checks and completes settings files by the JSON schema, so that the server does not. */
  readonly settingsSchema: boolean
  /** The client's command that shows who can reach an object. */
  readonly accessCommand: string | undefined
  /** The client's command that compares the access with a revision. */
  readonly compareCommand: string | undefined
  /** An absolute path of a folder in which findings are kept for the next start. */
  readonly cacheFolder: string | undefined
  /** Settings of a client that does not answer `workspace/configuration`. */
  readonly settings: unknown
}

export function readClientAbilities({
  capabilities: { workspace, textDocument },
  initializationOptions,
}: InitializeParams): ClientAbilities {
  const options: unknown = initializationOptions
  return {
    configuration: workspace?.configuration === true,
    dynamicConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    dynamicFileWatching: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    codeLensRefresh: workspace?.codeLens?.refreshSupport === true,
    inlayHintRefresh: workspace?.inlayHint?.refreshSupport === true,
    definitionLinks: textDocument?.definition?.linkSupport === true,
    symbolTrees: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    prepareRename: textDocument?.rename?.prepareSupport === true,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    snippetEdits: workspace?.workspaceEdit?.snippetEditSupport === true,
    createsFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    textDocumentContent: workspace?.textDocumentContent !== undefined,
    status: fieldOf(options, 'status') === true,
    files: fieldOf(options, 'files') === true,
    rulePages: textOf(options, 'rulePages'),
    openRuleCommand: textOf(options, 'openRuleCommand'),
    evaluateCommand: textOf(options, 'evaluateCommand'),
    showReceivedCommand: textOf(options, 'showReceivedCommand'),
    showStatusCommand: textOf(options, 'showStatusCommand'),
    runTestsCommand: textOf(options, 'runTestsCommand'),
    findMissingTestsCommand: textOf(options, 'findMissingTestsCommand'),
    commandLinks: fieldOf(options, 'commandLinks') === true,
    settingsSchema: fieldOf(options, 'settingsSchema') === true,
    showPlacesCommand: textOf(options, 'showPlacesCommand'),
    accessCommand: textOf(options, 'accessCommand'),
    compareCommand: textOf(options, 'compareCommand'),
    cacheFolder: textOf(options, 'cacheFolder'),
    settings: fieldOf(options, 'settings'),
  }
}

export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function textOf(value: unknown, name: string): string | undefined {
  const text = fieldOf(value, name)
  return typeof text === 'string' && text !== '' ? text : undefined
}
