// The values of the protocol's library that the server uses. A file that takes them from the library itself has a copy made of all its six hundred names when it is loaded, which costs 3 ms of a start with twenty such files.
export {
  CodeActionKind, CodeLensRefreshRequest, CompletionItemKind, DiagnosticSeverity, DiagnosticTag, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, DocumentHighlightKind, ErrorCodes,
  InitializeRequest, InsertTextFormat, InsertTextMode, LSPErrorCodes, MarkupKind, Message, MessageType, PositionEncodingKind, ResponseError, ShowMessageNotification, SymbolKind, TextDocuments,
  TextDocumentSyncKind, WatchKind,
} from 'vscode-languageserver'
