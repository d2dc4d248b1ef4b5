import {
  DEFAULT_SETTINGS,
  decodeSettings,
  isInside,
  mergeSettings,
  readSettingsFile,
  SETTINGS_FILE,
  SETTINGS_SECTION,
  type GivenSettings,
  type Settings,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { SOURCE } from '../convert/toDiagnostic.js'
import type { Files } from '../files.js'
import { describeError, type Log } from '../log.js'
import { DiagnosticSeverity, DidChangeConfigurationNotification } from '../lsp.js'
import type { Sources } from '../workspace/sources.js'
import { fieldOf, type ClientAbilities } from './clientAbilities.js'
import type { ServerContext } from './serverContext.js'
import { uriOfFile } from '../convert/uris.js'

interface ConfigurationOptions {
  readonly client: ClientAbilities
  readonly log: Log
  readonly sources: Sources
  readonly files: Files
}

/**
 * The settings of folders: those of the editor, and with priority those of `.ambient-policy.yaml` in the
 * repository.
 */
export class Configuration {
  readonly #connection: Connection
  readonly #options: ConfigurationOptions
  #pushed: unknown
  #folders: readonly string[] = []
  readonly #reported = new Set<string>()

  constructor(connection: Connection, options: ConfigurationOptions) {
    this.#connection = connection
    this.#options = options
    this.#pushed = options.client.settings
  }

  /** The folders of the workspace. Their settings also apply to excluded files. */
  set folders(folders: readonly string[]) {
    this.#folders = folders
  }

  /** The settings that a client without `workspace/configuration` has sent. */
  push(settings: unknown): void {
    this.#pushed = fieldOf(settings, SETTINGS_SECTION) ?? this.#pushed
  }

  /** The settings of a folder or a single file. Does not reject: wrong settings are reported and ignored. */
  async load(folder: string): Promise<Settings> {
    const file = this.#settingsFile(folder)
    const ofEditor = await this.#ofEditor(folder)
    await this.#refresh(file)
    return mergeSettings(ofEditor, this.#ofRepository(file))
  }

  async #ofEditor(folder: string): Promise<GivenSettings> {
    const { settings, problems } = decodeSettings(
      this.#options.client.configuration ? await this.#requestSettings(folder) : this.#pushed,
    )
    for (const problem of problems)
      this.#reportOnce(`Settings ${SETTINGS_SECTION}: ${problem.message}`)
    return settings
  }

  async #requestSettings(folder: string): Promise<unknown> {
    try {
      return (await this.#connection.workspace.getConfiguration({
        scopeUri: uriOfFile(folder),
        section: SETTINGS_SECTION,
      })) as unknown
    } catch (error) {
      this.#options.log.error(`The client did not send its settings: ${describeError(error)}`)
      return undefined
    }
  }

  async #refresh(file: string): Promise<void> {
    try {
      await this.#options.files.refresh([file], DEFAULT_SETTINGS)
    } catch (error) {
      this.#options.log.error(`${file} cannot be read: ${describeError(error)}`)
    }
  }

  #ofRepository(file: string): GivenSettings {
    const { settings, problems } = readSettingsFile(this.#options.sources.text(file) ?? '')
    const uri = this.#options.sources.document(file)?.uri ?? uriOfFile(file)
    const diagnostics = problems.map((problem) => ({
      range: problem.range,
      severity: DiagnosticSeverity.Error,
      source: SOURCE,
      message: problem.message,
    }))
    if (diagnostics.length > 0 || this.#reported.has(uri)) {
      this.#reported.add(uri)
      void this.#connection.sendDiagnostics({ uri, diagnostics })
    }
    return settings
  }

  #settingsFile(folder: string): string {
    const around = this.#folders
      .filter((candidate) => isInside(folder, candidate))
      .sort((a, b) => b.length - a.length)
    const parent = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
    return `${around[0] ?? parent}/${SETTINGS_FILE}`
  }

  #reportOnce(message: string): void {
    if (this.#reported.has(message)) return
    this.#reported.add(message)
    this.#options.log.warn(message)
  }
}

/** `workspace/didChangeConfiguration`: new settings apply without a restart. */
export function registerConfiguration(
  connection: Connection,
  context: ServerContext,
  configuration: Configuration,
): void {
  connection.onDidChangeConfiguration(({ settings }) => {
    configuration.push(settings)
    void context.workspaces.reloadSettings()
  })
  if (!context.client.dynamicConfiguration) return
  context.whenInitialized(() => {
    connection.client
      .register(DidChangeConfigurationNotification.type, { section: SETTINGS_SECTION })
      .catch((error: unknown) => {
        context.log.error(`Changes of the settings are not noticed: ${describeError(error)}`)
      })
  })
}
