import type { MeshSettings } from '../mesh/meshSettings.js'
import type { Level } from '../rules/finding.js'

export const SETTINGS_SECTION = 'istioAmbientPolicy'
export const SETTINGS_FILE = '.ambient-policy.yaml'

/** Whether a path is that of a settings file. */
export function isSettingsFile(file: string): boolean {
  return file === SETTINGS_FILE || file.endsWith(`/${SETTINGS_FILE}`)
}

/** The inlay hints that are shown. */
export interface InlayHintSettings {
  /** The proxy that enforces a rule. */
  readonly ruleLayer: boolean
  /** The waypoint of a `use-waypoint` label. */
  readonly waypoint: boolean
  /** The container port behind a Service port. */
  readonly containerPort: boolean
}

/** The objects with code lenses. */
export interface CodeLensSettings {
  readonly policies: boolean
  readonly waypoints: boolean
  readonly workloads: boolean
  readonly serviceAccounts: boolean
}

/** A Helm chart that may be rendered. */
export interface ChartSettings {
  /** The folder of the chart, relative as `meshRoots`. */
  readonly path: string
  /** Values files, relative as `meshRoots`. Later files override earlier ones. */
  readonly values?: readonly string[]
  /** If it is missing: the name of the folder. */
  readonly release?: string
  /** The namespace of the release, and of objects that do not name one. */
  readonly namespace?: string
}

/** All settings: in the editor as `istioAmbientPolicy.*`, in `.ambient-policy.yaml` with the same keys. */
export interface Settings extends MeshSettings {
  /** Folders that are one mesh each, relative to the workspace folder or to the settings file. */
  readonly meshRoots: readonly string[]
  /** Glob patterns of files and folders that are not read, relative as `meshRoots`. */
  readonly exclude: readonly string[]
  /** Helm charts that are rendered where the user allows it. */
  readonly charts: readonly ChartSettings[]
  /** Levels by rule name. */
  readonly rules: Readonly<Record<string, Level | 'off'>>
  readonly inlayHints: InlayHintSettings
  readonly codeLens: CodeLensSettings
  readonly maxFiles: number
  /** In megabytes. */
  readonly maxFileSize: number
  /** Whether findings are kept on disk for the next start. */
  readonly cache: boolean
  readonly trace: { readonly server: 'off' | 'messages' | 'verbose' }
}

/** The settings of one source; unset ones are absent. */
export interface GivenSettings extends Omit<Partial<Settings>, 'inlayHints' | 'codeLens'> {
  readonly inlayHints?: Partial<InlayHintSettings>
  readonly codeLens?: Partial<CodeLensSettings>
}

export const DEFAULT_SETTINGS: Settings = {
  meshRoots: [],
  exclude: [],
  charts: [],
  rules: {},
  inlayHints: { ruleLayer: true, waypoint: true, containerPort: true },
  codeLens: { policies: true, waypoints: true, workloads: true, serviceAccounts: true },
  maxFiles: 50_000,
  maxFileSize: 20,
  cache: true,
  trace: { server: 'off' },
}

/**
 * Merges settings. Later sources override earlier ones; rule levels, flags, hints and lenses are merged key by key.
 * The order is editor, then `.ambient-policy.yaml`: the settings of a repository apply to every user. Only `cache` stays
 * off if one source turns it off: a repository does not decide what is kept on a disk.
 */
export function mergeSettings(...sources: readonly GivenSettings[]): Settings {
  return sources.reduce<Settings>(
    (merged, given) => ({
      ...merged,
      ...given,
      flags: { ...merged.flags, ...given.flags },
      rules: { ...merged.rules, ...given.rules },
      inlayHints: { ...merged.inlayHints, ...given.inlayHints },
      codeLens: { ...merged.codeLens, ...given.codeLens },
      cache: merged.cache && given.cache !== false,
    }),
    DEFAULT_SETTINGS,
  )
}
