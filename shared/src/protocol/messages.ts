/** Server → client: what was read. Sent only to a client that asked for it with the initialization option `status: true`. */
export const STATUS_NOTIFICATION = 'istioAmbientPolicy/status'

export interface StatusParams {
  /** A folder is being read. */
  readonly reading: boolean
  readonly folders: readonly FolderStatus[]
}

export interface FolderStatus {
  readonly name: string
  readonly files: number
  readonly objects: number
  readonly istioVersion: string
  readonly rootNamespace: string
  /** What could not be read, and why. */
  readonly problems: readonly string[]
}

/** Client → server: the rules, sorted by name. Their pages are documents of the scheme `RULE_PAGE_SCHEME`. */
export const RULES_REQUEST = 'istioAmbientPolicy/rules'

export interface RuleSummary {
  readonly name: string
  readonly level: string
  readonly summary: string
}

/** Client → server: answered with `null` when every folder is read and all that is known is published. For scripts, tests and benchmarks. */
export const SETTLED_REQUEST = 'istioAmbientPolicy/settled'

/** The server provides documents of this scheme to clients that ask for the content of documents (`workspace/textDocumentContent`). */
export const RULE_PAGE_SCHEME = 'istio-ambient-policy'

/** The URI of a rule's page. */
export function rulePageUri(rule: string): string {
  return `${RULE_PAGE_SCHEME}:/rules/${rule}.md`
}

/** What a client may pass along with `initialize`. */
export interface InitializationOptions {
  /** Send `istioAmbientPolicy/status`. */
  readonly status?: boolean
  /** Where else the page of a rule can be read, for a client that does not ask for documents: a URI with `{rule}` in it. */
  readonly rulePages?: string
  /** The client's command that opens the page of the rule that it is given. Without one, *Explain* is not offered. */
  readonly openRuleCommand?: string
  /** Settings of a client that does not answer `workspace/configuration`, as under `istioAmbientPolicy`. */
  readonly settings?: unknown
}
