import type { AccessAnswer, Hop } from '../access/request.js'
import type { NearestMiss } from '../access/nearestMiss.js'
import type { MeshPicture } from '../explain/meshPicture.js'
import type { MeshTreeItem } from '../explain/meshTree.js'
import type { Range } from '../text/lineIndex.js'

export { PRODUCT_NAME } from '../vocabulary/productName.js'

/** Server → client: the state of reading. Sent only to a client with the initialization option `status: true`. */
export const STATUS_NOTIFICATION = 'istioAmbientPolicy/status'

export interface StatusParams {
  /** Whether a folder is being read. */
  readonly reading: boolean
  readonly folders: readonly FolderStatus[]
}

export interface FolderStatus {
  readonly name: string
  readonly files: number
  readonly objects: number
  readonly istioVersion: string
  readonly rootNamespace: string
  /** What was not read, with the reason. Paths are relative to the folder. */
  readonly problems: readonly string[]
  /** The settings whose limits are the reason, such as `maxFiles`. */
  readonly limits: readonly string[]
}

/** Client → server: the rules, sorted by name. Their pages are documents of the scheme `RULE_PAGE_SCHEME`. */
export const RULES_REQUEST = 'istioAmbientPolicy/rules'

export interface RuleSummary {
  readonly name: string
  readonly level: string
  readonly summary: string
}

/**
 * Client → server: evaluates a request in the mesh of a document (`EvaluateParams` → `EvaluateResult`), assuming that
 * the files are the whole mesh.
 */
export const EVALUATE_REQUEST = 'istioAmbientPolicy/evaluate'

export interface EvaluateParams {
  /** Any document of the mesh. */
  readonly textDocument: { readonly uri: string }
  /** An `AccessRequest`, as a line of `evaluate --requests`. */
  readonly request: unknown
}

/** The answer; or a problem of the request, which names the field; or null for a document of no mesh. */
export type EvaluateResult =
  | { readonly answer: EvaluateAnswer; readonly problem?: undefined }
  | { readonly answer?: undefined; readonly problem: string }
  | null

export interface EvaluateAnswer extends Omit<AccessAnswer, 'id' | 'hops'> {
  readonly id: string | null
  readonly hops: readonly EvaluateHop[]
  /** The smallest change of the request that changes the verdict. */
  readonly nearestMiss: NearestMiss | null
  /** Errors and warnings about the policies that do not allow the request. */
  readonly findings: readonly EvaluateFinding[]
}

/** A finding about a policy, with its place. */
export interface EvaluateFinding extends PlaceLink {
  readonly rule: string
  readonly message: string
  readonly hasFix: boolean
}

/** A hop, with the place of the policy or rule that decided; both null if none did. */
export interface EvaluateHop extends Omit<Hop, 'place'> {
  readonly uri: string | null
  readonly range: Range | null
  /** The policies in `evidence`, with their places. */
  readonly inForce: readonly {
    readonly policy: string
    readonly uri: string | null
    readonly range: Range | null
  }[]
}

/**
 * The argument of the client's command *Evaluate request…*: the document, and the part of the request that is known
 * from the object.
 */
export interface EvaluateCommandArgument {
  readonly uri: string
  readonly from?: { readonly namespace: string; readonly serviceAccount: string }
  /** `port` is absent if the user has to choose. */
  readonly to?: {
    readonly kind: 'service' | 'workload' | 'host'
    readonly name: string
    readonly port?: number
  }
}

/**
 * Client → server: the clients, destinations and values of requests in the mesh of a document
 * (`EvaluateChoicesParams` → `RequestChoices`, null for a document of no mesh).
 */
export const EVALUATE_CHOICES_REQUEST = 'istioAmbientPolicy/evaluateChoices'

export interface EvaluateChoicesParams {
  readonly textDocument: { readonly uri: string }
}

/**
 * Client → server: the content of the mesh view (`MeshViewParams` → `MeshViewResult`): the meshes with their
 * namespaces, or the content and the connections of one namespace, assuming that the files are the whole mesh. Null
 * if the mesh or the namespace does not exist any more.
 */
export const MESH_VIEW_REQUEST = 'istioAmbientPolicy/meshView'

/** Both or neither. */
export interface MeshViewParams {
  /** Id of a `MeshSummary`. */
  readonly mesh?: string
  readonly namespace?: string
}

/** A place in a file. */
export interface PlaceLink {
  readonly uri: string
  readonly range: Range
}

export interface MeshSummary {
  readonly id: string
  readonly name: string
  /** Of any of its documents. */
  readonly uri: string
  readonly namespaces: readonly MeshTreeItem<PlaceLink>[]
}

export type MeshViewResult =
  | {
      readonly meshes: readonly MeshSummary[]
      readonly items?: undefined
      readonly picture?: undefined
    }
  | {
      readonly meshes?: undefined
      readonly items: readonly MeshTreeItem<PlaceLink>[]
      readonly picture: MeshPicture<PlaceLink>
    }
  | null

/**
 * Server → client: the entries of directories (`ReadUrisParams` → `ReadDirectoriesResult`). Sent only to a client
 * with the initialization option `files: true`.
 */
export const READ_DIRECTORIES_REQUEST = 'istioAmbientPolicy/readDirectories'

export interface ReadUrisParams {
  readonly uris: readonly string[]
}

/**
 * In the order of the URIs. `problem` continues a name: `cannot be read`. Without entries and problem: the directory
 * does not exist.
 */
export type ReadDirectoriesResult = readonly {
  /** `name` in the encoding of a URI. */
  readonly entries?: readonly {
    readonly name: string
    readonly kind: 'file' | 'directory' | 'other'
  }[]
  readonly problem?: string
}[]

/**
 * Server → client: the bytes of files (`ReadFilesParams` → `ReadFilesResult`). Sent only to a client with the
 * initialization option `files: true`.
 */
export const READ_FILES_REQUEST = 'istioAmbientPolicy/readFiles'

export interface ReadFilesParams extends ReadUrisParams {
  readonly maxBytes: number
}

/** In the order of the URIs; an empty object if the file does not exist. */
export type ReadFilesResult = readonly {
  readonly base64?: string
  readonly tooLarge?: true
  readonly problem?: string
}[]

/**
 * Client → server: answered with `null` when every folder is read and all diagnostics are published. For scripts,
 * tests and benchmarks. Other programs use it: its name stays.
 */
export const IDLE_REQUEST = 'istioAmbientPolicy/settled'

/** The scheme of documents that the server provides (`workspace/textDocumentContent`). */
export const RULE_PAGE_SCHEME = 'istio-ambient-policy'

/** The URI of a rule's page. */
export function rulePageUri(rule: string): string {
  return `${RULE_PAGE_SCHEME}:/rules/${rule}.md`
}

/**
 * The commands of the server (`workspace/executeCommand`), for editors without an extension of their own. `evaluate`
 * takes an `EvaluateParams` and answers an `EvaluateResult`. `explainRule` takes the name of a rule, shows what it says
 * as a message, and answers its page in Markdown. `access` takes an `AccessParams` and answers an `AccessResult`.
 * `compareAccess` takes a `BaseTextsParams` with the field `textDocument`, and answers a `CompareAccessResult`.
 * `runTests` takes a `RunTestsParams`, shows the result as a message and at the tests, and answers a `RunTestsResult`.
 * `explainLog` takes an `ExplainLogParams`, shows the answers as a message, and answers an `ExplainLogResult`.
 */
export const SERVER_COMMANDS = {
  evaluate: 'ambient-policy.evaluate',
  explainRule: 'ambient-policy.explainRule',
  access: 'ambient-policy.access',
  compareAccess: 'ambient-policy.compareAccess',
  runTests: 'ambient-policy.runTests',
  findMissingTests: 'ambient-policy.findMissingTests',
  explainLog: 'ambient-policy.explainLog',
} as const

/** The initialization options of a client. */
export interface InitializationOptions {
  /** Send `istioAmbientPolicy/status`. */
  readonly status?: boolean
  /**
   * The client answers `istioAmbientPolicy/readDirectories` and `…/readFiles` for folders that the server cannot
   * read: virtual folders, and all folders in a browser.
   */
  readonly files?: boolean
  /** Address of rule pages for a client without `workspace/textDocumentContent`: a URI that contains `{rule}`. */
  readonly rulePages?: string
  /** The client's command that opens the page of a rule, given its name. Without it *Explain* is a message. */
  readonly openRuleCommand?: string
  /**
   * The client's command that asks for a request and evaluates it, given `EvaluateCommandArgument`. Without it there
   * is no *Evaluate request…*.
   */
  readonly evaluateCommand?: string
  /**
   * The client's command that opens *What ztunnel receives*, given the URI of the document (`objectDocumentUri`).
   * Without it there is no such code lens.
   */
  readonly showReceivedCommand?: string
  /** As `showReceivedCommand`, for *Predicted status*. */
  readonly showStatusCommand?: string
  /**
   * The client's command that runs tests, given `RunTestsParams`. Without it, the code lens *Run test* is the command
   * `runTests` of the server.
   */
  readonly runTestsCommand?: string
  /**
   * The client's command that finds missing tests, given `MissingTestsParams`. Without it, the code lens *Find missing
   * tests* is the command `findMissingTests` of the server.
   */
  readonly findMissingTestsCommand?: string
  /**
   * The client's command that shows places at a position, given a URI, the position and the locations. Without it the
   * summary of a code lens is no link.
   */
  readonly showPlacesCommand?: string
  /** Hovers can have links that run the client's commands. */
  readonly commandLinks?: boolean
  /** The client checks and completes settings files by the JSON schema, so the server does not. */
  readonly settingsSchema?: boolean
  /**
   * The client's command that shows who can reach an object, given `EvaluateCommandArgument`. Without it there is no
   * *Who can reach this?*.
   */
  readonly accessCommand?: string
  /**
   * The client's command that compares the access with a revision, given the URI of a document. Without it there is no
   * such code lens.
   */
  readonly compareCommand?: string
  /**
   * The absolute path of a folder, outside of all workspaces, in which the server keeps findings for the next start.
   * Without it, nothing is kept.
   */
  readonly cacheFolder?: string
  /** Settings of a client that does not answer `workspace/configuration`, as under `istioAmbientPolicy`. */
  readonly settings?: unknown
}
