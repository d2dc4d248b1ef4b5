/** Path → content of inputs that no editor should die of. `big`: with those above 5 MB. */
export function hostileFiles(options?: { readonly big?: boolean }): Generator<[string, string | Uint8Array]>
