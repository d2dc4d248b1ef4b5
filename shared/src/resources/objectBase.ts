import type { ReadOptions } from './documentFacts.js'
import { groupOf } from './decoders.js'
import type { Labels, ResourceBase } from './resourceBase.js'
import { NONE } from '../text/collections.js'

/** Type and metadata of an object. */
export interface ObjectIdentity {
  readonly apiVersion: string
  readonly name: string
  readonly namespace: string | undefined
  readonly clusterScoped: boolean
  readonly labels: Labels | undefined
  readonly annotations: Labels | undefined
}

/** The fields that every resource has. An object without a namespace gets the default one. */
export function baseOf(
  identity: ObjectIdentity,
  options: Pick<ReadOptions, 'file' | 'document' | 'defaultNamespace' | 'intern'>,
  ordinal: number,
): ResourceBase {
  const { intern } = options
  const { namespace, source } = identity.clusterScoped
    ? { namespace: '', source: 'cluster' as const }
    : identity.namespace !== undefined && identity.namespace !== ''
      ? { namespace: identity.namespace, source: 'object' as const }
      : options.defaultNamespace
  return {
    apiVersion: intern(identity.apiVersion),
    group: intern(groupOf(identity.apiVersion)),
    name: intern(identity.name),
    namespace: intern(namespace),
    namespaceSource: source,
    labels: identity.labels,
    annotations: identity.annotations,
    origin: { file: options.file, document: options.document, ordinal },
    problems: NONE,
    placeholders: NONE,
  }
}
