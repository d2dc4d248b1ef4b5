import type { MeshSettings } from '../mesh/meshSettings.js'
import type { Level } from '../rules/finding.js'

export const SETTINGS_SECTION = 'istioAmbientPolicy'
export const SETTINGS_FILE = '.ambient-policy.yaml'

/** Which inlay hints are shown. */
export interface InlayHintSettings {
  /** The layer that enforces a rule. */
  readonly ruleLayer: boolean
  /** The waypoint that a `use-waypoint` label means. */
  readonly waypoint: boolean
  /** The container port behind a Service port. */
  readonly containerPort: boolean
}

/** On which objects code lenses are shown. */
export interface CodeLensSettings {
  readonly policies: boolean
  readonly waypoints: boolean
  readonly workloads: boolean
  readonly serviceAccounts: boolean
}

/** Everything that can be set, in the editor as `istioAmbientPolicy.*` and in `.ambient-policy.yaml` under the same keys. */
export interface Settings extends MeshSettings {
  /** Folders that are each judged as one mesh, relative to the workspace folder or the file that says so. */
  readonly meshRoots: readonly string[]
  /** Glob patterns of what is not read, relative likewise. */
  readonly exclude: readonly string[]
  /** Levels by rule name. */
  readonly rules: Readonly<Record<string, Level | 'off'>>
  readonly inlayHints: InlayHintSettings
  readonly codeLens: CodeLensSettings
  readonly maxFiles: number
  /** In megabytes. */
  readonly maxFileSize: number
  readonly trace: { readonly server: 'off' | 'messages' | 'verbose' }
}

/** What one source of settings says; what it does not say is absent. */
export interface GivenSettings extends Omit<Partial<Settings>, 'inlayHints' | 'codeLens'> {
  readonly inlayHints?: Partial<InlayHintSettings>
  readonly codeLens?: Partial<CodeLensSettings>
}

export const DEFAULT_SETTINGS: Settings = {
  meshRoots: [],
  exclude: [],
  rules: {},
  inlayHints: { ruleLayer: true, waypoint: true, containerPort: true },
  codeLens: { policies: true, waypoints: true, workloads: true, serviceAccounts: true },
  maxFiles: 50_000,
  maxFileSize: 20,
  trace: { server: 'off' },
}

/**
 * The settings in force. Later sources win; rule levels, flags, hints and lenses are merged key by key. The order is editor, then
 * `.ambient-policy.yaml`: what a repository says of its mesh holds for everybody who opens it.
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
    }),
    DEFAULT_SETTINGS,
  )
}
