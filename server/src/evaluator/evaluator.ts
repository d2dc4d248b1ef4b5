import {
  Analysis,
  decodeRequest,
  decodeSettings,
  evaluateRequest,
  mergeSettings,
  nearestMiss,
  readSettingsFile,
  SETTINGS_FILE,
  withoutPause,
  WorkspaceMeshes,
  type Settings,
} from '@istio-ambient-policy/shared'
import { findingsIn, reportFindings } from '../cli/checkReport.js'
import { reportAnswer } from '../cli/evaluateReport.js'
import type { PlaceOf } from '../cli/places.js'
import { FOLDER, givenFiles, type GivenFiles } from './givenFiles.js'

/** The text of each file, YAML or JSON, by its path: `{'deploy/policies.yaml': '…'}`. */
export type MeshFiles = Readonly<Record<string, string>>

export interface EvaluatorOptions {
  /** Settings, by the keys of `.ambient-policy.yaml`. The default is the file of that name among the files. */
  readonly settings?: Readonly<Record<string, unknown>>
}

export type Verdict = 'allow' | 'deny' | 'undecided'

export interface RequestClient {
  /** `namespace` and `serviceAccount` together; without them the client is outside the mesh. */
  readonly namespace?: string
  readonly serviceAccount?: string
  readonly ip?: string
  /** The default is the trust domain of the mesh. */
  readonly trustDomain?: string
}

/** The destination: `NAMESPACE/NAME` of a Service or a workload, or a host of a ServiceEntry. */
export type RequestTarget =
  | { readonly service: string; readonly port: number }
  | { readonly workload: string; readonly port: number }
  | { readonly host: string; readonly port: number }

export interface RequestHttp {
  readonly method?: string
  readonly path?: string
  readonly host?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** `ISSUER/SUBJECT` of a verified JWT. */
  readonly requestPrincipal?: string
  /** The payload of a verified JWT. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** A request; without `http` it is a TCP connection. */
export interface Request {
  readonly id?: string
  readonly from: RequestClient
  readonly to: RequestTarget
  readonly http?: RequestHttp
}

/** Lines and characters are zero-based; characters are UTF-16 code units. The end is exclusive. */
export interface Range {
  readonly start: { readonly line: number; readonly character: number }
  readonly end: { readonly line: number; readonly character: number }
}

/** The decision of one proxy. */
export interface Hop {
  readonly point: 'waypoint' | 'ztunnel' | 'sidecar'
  /** `NAMESPACE/NAME` of the Gateway of a waypoint, else of the workload. */
  readonly name: string
  /** The identity of the client that the proxy sees; null for plaintext. */
  readonly identity: string | null
  readonly port: number
  readonly verdict: Verdict
  /** In the words of the log of the proxy. */
  readonly reason: string
  /** `NAMESPACE/NAME` of the policy that decides; null if none does. */
  readonly policy: string | null
  /** The index of the rule that decides. */
  readonly rule: number | null
  /** The ALLOW policies that apply, if none of them matches. */
  readonly evidence: readonly string[]
  /** The place of the rule that decides; null if there is none. */
  readonly file: string | null
  readonly range: Range | null
}

export interface Evaluation {
  readonly id: string | null
  readonly verdict: Verdict
  /** The proxies on the path, in the order of the traffic, up to the first that denies. */
  readonly hops: readonly Hop[]
  /** What the answer depends on. */
  readonly assumptions: readonly string[]
}

/** The smallest change of a request that gives the other verdict. */
export interface NearestMiss {
  readonly changes: readonly { readonly field: string; readonly value: string }[]
  readonly verdict: Verdict
}

export interface Finding {
  /** The name of the rule, such as `l7-allow-rule-dropped`. */
  readonly rule: string
  readonly level: 'error' | 'warning' | 'information' | 'hint'
  readonly message: string
  readonly file: string
  readonly range: Range
  /** Null if the finding is about the text of a document. */
  readonly object: {
    readonly kind: string
    readonly namespace: string
    readonly name: string
  } | null
  /** The field of the object. */
  readonly path: readonly (string | number)[]
  readonly related: readonly {
    readonly file: string
    readonly range: Range
    readonly message: string
  }[]
  readonly assumptions: readonly string[]
  readonly fixes: readonly { readonly title: string }[]
}

/** The answers of the command line for files in memory. */
export interface Evaluator {
  /**
   * Evaluates a request, as `ambient-policy evaluate`: an object that is not in the files does not exist. Throws a
   * `TypeError` if the request is not valid, and an `Error` if the files are several meshes.
   */
  evaluate(request: Request): Evaluation
  /** The smallest change that gives the other verdict; null if none is found. Slower than `evaluate`. */
  nearestMiss(request: Request): NearestMiss | null
  /** The findings, as `ambient-policy check`: an object that is not in the files may exist. */
  check(): readonly Finding[]
}

/**
 * Reads the files of one mesh. Throws a `TypeError` if a setting is not valid or a text is no string; mistakes in files are
 * findings.
 */
export function createEvaluator(files: MeshFiles, options: EvaluatorOptions = {}): Evaluator {
  const given = givenFiles(files)
  const { texts } = given
  const settings = settingsOf(given, options)
  const placeOf: PlaceOf = (file, range) => ({ file: given.nameOf(file), range })
  const meshesIn = (world: 'open' | 'closed'): WorkspaceMeshes => {
    const meshes = new WorkspaceMeshes(FOLDER, {
      settings,
      world,
      levels: settings.rules,
      meshRoots: settings.meshRoots,
      readText: (file) => texts.get(file),
    })
    meshes.update([...texts].map(([file, text]) => ({ file, text })))
    meshes.updateMeshRoots()
    return meshes
  }
  let closed: Analysis | undefined
  const complete = (): Analysis => {
    closed ??= onlyMesh(meshesIn('closed').analyses(), settings)
    return closed
  }
  return {
    evaluate: (request) => {
      const analysis = complete()
      return reportAnswer(evaluateRequest(analysis.mesh, valid(request)), analysis, placeOf)
    },
    nearestMiss: (request) => nearestMiss(complete().mesh, valid(request)) ?? null,
    check: () => reportFindings(withoutPause(findingsIn(meshesIn('open'))), placeOf),
  }
}

function settingsOf(files: GivenFiles, { settings }: EvaluatorOptions): Settings {
  const { settings: given, problems } =
    settings === undefined ? readSettingsFile(files.settings ?? '') : decodeSettings(settings)
  const [problem] = problems
  if (problem)
    throw new TypeError(
      settings === undefined ? `${SETTINGS_FILE}: ${problem.message}` : problem.message,
    )
  return mergeSettings(given)
}

function onlyMesh(analyses: readonly Analysis[], settings: Settings): Analysis {
  const meshes = analyses.filter(({ files }) =>
    [...files.values()].some(({ documents }) =>
      documents.some(({ facts }) => facts.resources.length > 0),
    ),
  )
  if (meshes.length > 1)
    throw new Error(`These files are ${meshes.length} meshes (setting meshRoots).`)
  return (
    meshes[0] ?? new Analysis({ settings, world: 'closed', levels: {}, readText: () => undefined })
  )
}

function valid(request: Request) {
  const { request: decoded, problem } = decodeRequest(request)
  if (decoded === undefined) throw new TypeError(problem)
  return decoded
}
