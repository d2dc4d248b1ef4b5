import { PRODUCT_NAME, type MeshPicture } from '@istio-ambient-policy/shared'
import { env, Uri, ViewColumn, window, type Disposable, type WebviewPanel } from 'vscode'
import type { PageLink } from './link.js'
import { openLink } from './openLink.js'
import { pageWords } from './pageWords.js'
import { decodePageMessage, type View } from './view.js'
import { viewPage } from './viewPage.js'

/** The content of a panel, and the actions of its buttons and links. */
export interface PanelContent {
  readonly view: View
  readonly places: readonly PageLink[]
  /** The picture to export; undefined if there is none. */
  picture(): ExportedPicture | Promise<ExportedPicture>
  readonly actions: Readonly<Record<string, () => unknown>>
  /** Called for a cell of the matrix. */
  openCell?(row: number, column: number): unknown
}

type ExportedPicture = MeshPicture<unknown> | undefined

/**
 * One panel beside the editor. Its page receives plain data and creates the elements itself. Scripts and styles
 * come only from the extension.
 */
export class ViewPanel implements Disposable {
  readonly #extension: Uri
  #panel: WebviewPanel | undefined
  #content: PanelContent | undefined
  /** The number of the last command, and of the command whose answer is shown. */
  readonly #commands = { last: 0, shown: 0 }
  /** The same for updates after changes. */
  readonly #updates = { last: 0, shown: 0 }

  constructor(extension: Uri) {
    this.#extension = extension
  }

  /** The current picture. */
  async picture(): Promise<ExportedPicture> {
    return this.#panel && this.#content?.picture()
  }

  /** Shows the content with other parts, if it is still shown. */
  update(content: PanelContent, change: Pick<View, 'detail'>): void {
    if (this.#content !== content || !this.#panel) return
    void this.#panel.webview.postMessage({ ...content.view, ...change })
  }

  /**
   * Shows the answer to a command in front, unless that of a later command is already shown.
   *
   * @param answer undefined if there is nothing to show
   */
  async show(answer: () => Promise<PanelContent | undefined>): Promise<void> {
    const number = ++this.#commands.last
    const content = await answer()
    if (!content || number < this.#commands.shown) return
    this.#commands.shown = number
    this.#set(content).reveal(undefined, false)
  }

  /**
   * Shows another answer to the command whose view is shown, if it has this kind. Answers can arrive late and in any
   * order: nothing happens if the panel was closed or shows a later answer.
   */
  async follow(kind: View['kind'], answer: () => Promise<PanelContent | undefined>): Promise<void> {
    if (!this.#shows(kind)) return
    const number = ++this.#updates.last
    const command = this.#commands.shown
    const content = await answer()
    const isLate = command !== this.#commands.shown || number < this.#updates.shown
    if (!content || isLate || !this.#shows(kind)) return
    this.#updates.shown = number
    this.#set(content)
  }

  dispose(): void {
    this.#panel?.dispose()
  }

  #shows(kind: View['kind']): boolean {
    return this.#panel !== undefined && this.#content?.view.kind === kind
  }

  #set(content: PanelContent): WebviewPanel {
    this.#content = content
    this.#panel ??= this.#open()
    this.#panel.title = content.view.title
    this.#send()
    return this.#panel
  }

  #open(): WebviewPanel {
    const media = Uri.joinPath(this.#extension, 'client')
    const panel = window.createWebviewPanel(
      'istioAmbientPolicy.view',
      PRODUCT_NAME,
      ViewColumn.Beside,
      { enableScripts: true, localResourceRoots: [media] },
    )
    panel.iconPath = {
      light: Uri.joinPath(media, 'media/view-light.svg'),
      dark: Uri.joinPath(media, 'media/view-dark.svg'),
    }
    panel.webview.onDidReceiveMessage((message: unknown) => {
      this.#receive(message)
    })
    panel.onDidDispose(() => {
      this.#panel = undefined
      this.#content = undefined
    })
    const at = (path: string): string =>
      panel.webview.asWebviewUri(Uri.joinPath(media, path)).toString()
    panel.webview.html = viewPage({
      source: panel.webview.cspSource,
      style: at('media/view.css'),
      script: at('dist/webview.js'),
      nonce: crypto.randomUUID().replaceAll('-', ''),
      language: env.language,
      words: pageWords(),
    })
    return panel
  }

  #send(): void {
    if (this.#content) void this.#panel?.webview.postMessage(this.#content.view)
  }

  #receive(value: unknown): void {
    const message = decodePageMessage(value)
    if (message?.type === 'ready') this.#send()
    else if (message?.type === 'open') {
      const place = this.#content?.places[message.link]
      if (place) void openLink(place)
    } else if (message?.type === 'cell') {
      void this.#content?.openCell?.(message.row, message.column)
    } else if (message && Object.hasOwn(this.#content?.actions ?? {}, message.id)) {
      void this.#content?.actions[message.id]?.()
    }
  }
}
