import { BASE_TEXTS_NOTIFICATION, type BaseTextsParams } from '@istio-ambient-policy/shared'
import {
  commands,
  EventEmitter,
  extensions,
  l10n,
  workspace,
  type Disposable,
  type Uri,
} from 'vscode'
import { State, type BaseLanguageClient } from 'vscode-languageclient'
import { onManifestChange } from '../onManifestChange.js'
import type { GitApi, GitExtension, GitRepository } from './gitApi.js'

const REVISION = 'HEAD'

/** More files are not compared: a lens for a large change is not worth reading them. */
const MOST_FILES = 500
const MOST_TEXTS = 2_000

/**
 * Sends the texts of the changed manifests at HEAD to the server. They come from VS Code's Git extension, which does not
 * exist in the web: there is no comparison then.
 */
export class HeadTexts implements Disposable {
  readonly #client: BaseLanguageClient
  readonly #disposables: Disposable[] = []
  readonly #sentOthers = new EventEmitter<void>()
  /** By commit and file: Git is a process, and this runs while text is typed. */
  readonly #texts = new Map<string, Promise<string | null>>()
  #git: GitApi | undefined
  #sent = ''
  #hasTooMany = false
  /** Texts other than the last ones were sent: comparisons are different now. */
  readonly onDidSend = this.#sentOthers.event

  constructor(client: BaseLanguageClient) {
    this.#client = client
    this.#disposables.push(
      onManifestChange(() => void this.send()),
      client.onDidChangeState(({ newState }) => {
        this.#sent = ''
        if (newState === State.Running) void this.send()
      }),
    )
    this.#connect().catch((error: unknown) => {
      client.error(l10n.t('The Git extension cannot be used'), error, false)
    })
  }

  /** Why there is no comparison. Call it after `send`. */
  get problem(): string | undefined {
    if (this.#repositories.length === 0)
      return l10n.t('There is no Git repository to compare with.')
    return this.#hasTooMany
      ? l10n.t(
          'More than {0} manifests differ from HEAD. Compare them with: ambient-policy diff --git HEAD',
          MOST_FILES,
        )
      : undefined
  }

  get #repositories(): readonly GitRepository[] {
    return this.#git?.repositories ?? []
  }

  /** Sends the texts after Git has read the files: a file that was just saved is not yet in the list of changed files. */
  async refresh(): Promise<void> {
    await Promise.all(this.#repositories.map((repository) => repository.status()))
    await this.send()
  }

  /** Sends the texts, if they are different from the last ones. */
  async send(): Promise<void> {
    if (this.#repositories.length === 0 || !this.#client.isRunning()) return
    this.#hasTooMany = this.#repositories.some(
      (repository) => changedManifests(repository).length > MOST_FILES,
    )
    const lists = await Promise.all(
      this.#repositories.map((repository) => this.#textsAtHead(repository)),
    )
    const params: BaseTextsParams = { name: REVISION, files: lists.flat() }
    const text = JSON.stringify(params)
    if (text === this.#sent) return
    this.#sent = text
    await this.#client.sendNotification(BASE_TEXTS_NOTIFICATION, params)
    this.#sentOthers.fire()
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose()
    this.#sentOthers.dispose()
  }

  async #textsAtHead(repository: GitRepository): Promise<BaseTextsParams['files']> {
    const files = changedManifests(repository)
    if (files.length > MOST_FILES) return []
    return Promise.all(
      files.map(async (uri) => ({
        uri: uri.toString(),
        text: await this.#textAtHead(repository, uri),
      })),
    )
  }

  /** Null for a file that HEAD does not have. */
  #textAtHead(repository: GitRepository, uri: Uri): Promise<string | null> {
    const key = `${repository.state.HEAD?.commit ?? ''} ${uri.toString()}`
    const known = this.#texts.get(key)
    if (known) return known
    if (this.#texts.size >= MOST_TEXTS) this.#texts.clear()
    const text = repository.show(REVISION, uri.fsPath).catch(() => null)
    this.#texts.set(key, text)
    return text
  }

  async #connect(): Promise<void> {
    const extension = extensions.getExtension<GitExtension>('vscode.git')
    if (!extension) return
    const git = await extension.activate()
    const connect = (): void => {
      if (git.enabled && !this.#git) this.#watch(git.getAPI(1))
    }
    connect()
    this.#disposables.push(git.onDidChangeEnablement(connect))
  }

  #watch(git: GitApi): void {
    this.#git = git
    const watch = (repository: GitRepository): void => {
      this.#disposables.push(repository.state.onDidChange(() => void this.send()))
      void commands.executeCommand('setContext', 'istioAmbientPolicy.hasGit', true)
      void this.send()
    }
    for (const repository of git.repositories) watch(repository)
    this.#disposables.push(git.onDidOpenRepository(watch))
  }
}

/** The manifests that differ from HEAD: on disk, or in an editor. */
function changedManifests({ rootUri, state }: GitRepository): Uri[] {
  const changed = [
    ...state.mergeChanges,
    ...state.indexChanges,
    ...state.workingTreeChanges,
    ...(state.untrackedChanges ?? []),
  ].flatMap(({ uri, originalUri }) => [uri, originalUri])
  const unsaved = workspace.textDocuments
    .filter(({ isDirty, uri }) => isDirty && uri.toString().startsWith(`${rootUri.toString()}/`))
    .map(({ uri }) => uri)
  const byName = new Map([...changed, ...unsaved].map((uri) => [uri.toString(), uri]))
  return [...byName.values()].filter(({ path }) => /\.(ya?ml|json)$/.test(path))
}
