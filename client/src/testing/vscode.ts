/** Replaces the module `vscode` in unit tests: texts without a translation, and commands that do nothing. */
export const l10n = {
  t: (text: string, ...values: readonly (string | number | boolean)[]): string =>
    text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)])),
}

export const commands = { executeCommand: (): Promise<undefined> => Promise.resolve(undefined) }
