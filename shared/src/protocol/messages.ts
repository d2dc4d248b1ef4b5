import type { AccessAnswer, Hop } from '../access/request.js'
import type { NearestMiss } from '../access/nearestMiss.js'
import type { MeshPicture } from '../explain/meshPicture.js'
import type { MeshTreeItem } from '../explain/meshTree.js'
import type { Range } from '../text/lineIndex.js'

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

/** Client → server: what the mesh of a document does with a request (`EvaluateParams` → `EvaluateResult`). The files are taken as the whole mesh. */
export const EVALUATE_REQUEST = 'istioAmbientPolicy/evaluate'

export interface EvaluateParams {
  /** Any document of the mesh. */
  readonly textDocument: { readonly uri: string }
  /** An `AccessRequest`, as a line of `evaluate --requests`. */
  readonly request: unknown
}

/** The answer; or what is wrong with the request, naming the field; or null for a document of no mesh. */
export type EvaluateResult =
  | { readonly answer: EvaluateAnswer; readonly problem?: undefined }
  | { readonly answer?: undefined; readonly problem: string }
  | null

export interface EvaluateAnswer extends Omit<AccessAnswer, 'id' | 'hops'> {
  readonly id: string | null
  readonly hops: readonly EvaluateHop[]
  /** The smallest change of the request that turns the verdict. */
  readonly nearestMiss: NearestMiss | null
}

/** A hop, with where the policy or rule that decided stands; both null where none did. */
export interface EvaluateHop extends Omit<Hop, 'place'> {
  readonly uri: string | null
  readonly range: Range | null
  /** The policies of `evidence`, with where they stand. */
  readonly inForce: readonly {
    readonly policy: string
    readonly uri: string | null
    readonly range: Range | null
  }[]
}

/** What the code lens *Evaluate request…* passes to the client's command: the document, and what of the request its object says already. */
export interface EvaluateCommandArgument {
  readonly uri: string
  readonly from?: { readonly namespace: string; readonly serviceAccount: string }
  /** `port` is absent where the person has to choose. */
  readonly to?: {
    readonly kind: 'service' | 'workload' | 'host'
    readonly name: string
    readonly port?: number
  }
}

/** Client → server: what there is to ask for in the mesh of a document (`EvaluateChoicesParams` → `RequestChoices`, null for a document of no mesh). */
export const EVALUATE_CHOICES_REQUEST = 'istioAmbientPolicy/evaluateChoices'

export interface EvaluateChoicesParams {
  readonly textDocument: { readonly uri: string }
}

/**
 * Client → server: what the mesh view shows (`MeshViewParams` → `MeshViewResult`): the meshes with their namespaces or, of a namespace, what is in it and who
 * reaches what. The files are taken as the whole mesh. Null where the mesh or the namespace is not there any more.
 */
export const MESH_VIEW_REQUEST = 'istioAmbientPolicy/meshView'

/** Both or neither: what is asked about. */
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

/** Server → client: what directories hold (`ReadUrisParams` → `ReadDirectoriesResult`). Sent only to a client with the initialization option `files: true`. */
export const READ_DIRECTORIES_REQUEST = 'istioAmbientPolicy/readDirectories'

export interface ReadUrisParams {
  readonly uris: readonly string[]
}

/** In the order of the URIs; `problem` goes on after a name: `cannot be read`. Neither entries nor a problem where there is no such directory. */
export type ReadDirectoriesResult = readonly {
  /** `name` as it stands in a URI. */
  readonly entries?: readonly {
    readonly name: string
    readonly kind: 'file' | 'directory' | 'other'
  }[]
  readonly problem?: string
}[]

/** Server → client: the bytes of files (`ReadFilesParams` → `ReadFilesResult`). Sent only to a client with the initialization option `files: true`. */
export const READ_FILES_REQUEST = 'istioAmbientPolicy/readFiles'

export interface ReadFilesParams extends ReadUrisParams {
  readonly maxBytes: number
}

/** In the order of the URIs; an empty one where there is no such file. */
export type ReadFilesResult = readonly {
  readonly base64?: string
  readonly tooLarge?: true
  readonly problem?: string
}[]

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
  /** Answer `istioAmbientPolicy/readDirectories` and `…/readFiles` for folders that the server cannot read: virtual ones, and all where it runs in a browser. */
  readonly files?: boolean
  /** Where else the page of a rule can be read, for a client that does not ask for documents: a URI with `{rule}` in it. */
  readonly rulePages?: string
  /** The client's command that opens the page of the rule that it is given. Without one, *Explain* is not offered. */
  readonly openRuleCommand?: string
  /** The client's command that asks for a request and evaluates it, given `EvaluateCommandArgument`. Without one, *Evaluate request…* is not offered. */
  readonly evaluateCommand?: string
  /** The client's command that opens *What ztunnel receives*, given the URI of the document (`objectDocumentUri`). Without one, its code lens is not offered. */
  readonly showReceivedCommand?: string
  /** As `showReceivedCommand`, for *Predicted status*. */
  readonly showStatusCommand?: string
  /** Settings of a client that does not answer `workspace/configuration`, as under `istioAmbientPolicy`. */
  readonly settings?: unknown
}
