/** Replaces the module `vscode` in unit tests: texts without a translation, commands that do nothing, and panels. */
export const l10n = {
  t: (text: string, ...values: readonly (string | number | boolean)[]): string =>
    text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)])),
}

export const commands = { executeCommand: (): Promise<undefined> => Promise.resolve(undefined) }

export const env = { language: 'en' }
export const ViewColumn = { Beside: -2 }
export const Uri = { joinPath: (folder: string, path: string): string => `${folder}/${path}` }

/** A panel: what it shows, and whether it was brought to the front. */
class Panel {
  title = ''
  isOpen = true
  reveals = 0
  readonly webview = {
    html: '',
    cspSource: '',
    asWebviewUri: (uri: string): string => uri,
    onDidReceiveMessage: (): void => undefined,
    postMessage: (): Promise<boolean> => Promise.resolve(true),
  }
  #disposed: () => void = () => undefined

  onDidDispose(act: () => void): void {
    this.#disposed = act
  }

  reveal(): void {
    this.reveals++
  }

  dispose(): void {
    this.isOpen = false
    this.#disposed()
  }
}

/** The panels that were opened. */
export const panels: Panel[] = []

export const window = {
  createWebviewPanel: (): Panel => {
    const panel = new Panel()
    panels.push(panel)
    return panel
  },
}
