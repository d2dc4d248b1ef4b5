import type { DocumentFacts } from '../resources/documentFacts.js'
import { readDocument } from '../resources/readDocument.js'
import type { Resource } from '../resources/resource.js'
import { unnamedNamespace } from '../resources/namespaceId.js'
import { splitDocuments } from '../yaml/splitDocuments.js'

/** The documents of a text, as the file `file`. */
export function readYaml(text: string, file = 'test.yaml'): DocumentFacts[] {
  return splitDocuments(text).map((slice, document) =>
    readDocument(slice.text, {
      file,
      document,
      defaultNamespace: { namespace: unnamedNamespace(''), source: 'unnamed' },
      chartTemplate: false,
      helmValues: /values[^/]*\.ya?ml$/.test(file),
      intern: (string) => string,
    }),
  )
}

export function resourcesOf(text: string, file?: string): Resource[] {
  return readYaml(text, file).flatMap((document) => [...document.resources])
}

/**
 * The first object of a type in a text.
 *
 * @throws if there is none.
 */
export function resourceOf<T extends Resource['type']>(
  type: T,
  text: string,
): Extract<Resource, { type: T }> {
  const found = resourcesOf(text).find(
    (resource): resource is Extract<Resource, { type: T }> => resource.type === type,
  )
  if (!found) throw new Error(`No ${type} in:\n${text}`)
  return found
}
