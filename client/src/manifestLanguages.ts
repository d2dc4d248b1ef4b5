/** The language that extensions for Kubernetes and Helm give YAML files in a folder `templates`. */
const HELM = 'helm'

const MANIFEST_LANGUAGES: readonly string[] = ['yaml', 'json', HELM]

export const YAML_LANGUAGES: readonly string[] = ['yaml', HELM]

/** Whether a document of a language can contain manifests. */
export function isManifestLanguage(language: string): boolean {
  return MANIFEST_LANGUAGES.includes(language)
}

/** The selectors of documents with manifests, for each scheme. */
export function manifestSelectors(
  schemes: Iterable<string>,
): { readonly scheme: string; readonly language: string }[] {
  return [...schemes].flatMap((scheme) =>
    MANIFEST_LANGUAGES.map((language) => ({ scheme, language })),
  )
}
