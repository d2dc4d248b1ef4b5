import type { InitializeParams } from 'vscode-languageserver'

/** The capabilities of a typical editor. */
export const CLIENT_CAPABILITIES: InitializeParams['capabilities'] = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    didChangeConfiguration: { dynamicRegistration: true },
    textDocumentContent: {},
    workspaceEdit: {
      documentChanges: true,
      changeAnnotationSupport: {},
      resourceOperations: ['create'],
    },
  },
  window: { workDoneProgress: true },
}
