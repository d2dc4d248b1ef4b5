import type { LineStarts } from '../text/lineIndex.js'
import { entryOf, type YamlNode, type YamlScalar } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { Asked, Declared, DerivedFacts, ReadOptions } from './documentFacts.js'
import { groupOf, treatmentOf } from './decoders.js'
import { derive, finalNamespace, type Referred } from './kustomize/derive.js'
import type { WrittenId } from './kustomize/patch.js'
import { isReferredTo } from './kustomize/references.js'
import { decodeHelmValues, decodeMeshConfigFields, type MeshConfigSource } from './meshConfig.js'
import { ObjectReader, type DecodeProblem, type DecodeSession } from './objectReader.js'
import type { OtherObject } from './otherObject.js'
import type { Labels, Resource } from './resource.js'
import { objectOf, type ResourceBase } from './resourceBase.js'
import { SourceMapBuilder, type SourceMap } from './sourceMap.js'
import { pathKey, validateObject } from './validation/validateObject.js'
import { NONE } from '../text/collections.js'

function declarationKey({ kind, namespace, name }: Omit<Referred, 'likely'>): string {
  return `${kind} ${namespace}/${name}`
}

interface Identity {
  readonly apiVersion: string
  readonly name: string
  readonly namespace: string | undefined
  readonly clusterScoped: boolean
  readonly labels: Labels | undefined
  readonly annotations: Labels | undefined
}

/** What every object has. */
export function baseOf(identity: Identity, options: ReadOptions, ordinal: number): ResourceBase {
  const { namespace, source } = identity.clusterScoped
    ? { namespace: '', source: 'cluster' as const }
    : identity.namespace !== undefined && identity.namespace !== ''
      ? { namespace: identity.namespace, source: 'object' as const }
      : options.defaultNamespace
  return {
    apiVersion: options.intern(identity.apiVersion),
    group: options.intern(groupOf(identity.apiVersion)),
    name: options.intern(identity.name),
    namespace: options.intern(namespace),
    namespaceSource: source,
    labels: identity.labels,
    annotations: identity.annotations,
    origin: { file: options.file, document: options.document, ordinal },
    problems: NONE,
    placeholders: NONE,
  }
}

/** Decodes the objects of one document, `List`s included. */
export class ObjectCollector {
  readonly resources: Resource[] = []
  readonly sources: SourceMap[] = []
  opaqueKind: string | undefined
  readonly #options: ReadOptions
  readonly #lineStarts: LineStarts
  /** Objects in a text that is no valid YAML may be half of what they will be: nothing is said of their fields. */
  readonly #isWhole: boolean
  readonly #written: WrittenId[] = []
  readonly #declares: Declared[] = []
  readonly #asks: Asked[] = []

  constructor(options: ReadOptions, lineStarts: LineStarts, isWhole: boolean) {
    this.#options = options
    this.#lineStarts = lineStarts
    this.#isWhole = isWhole
  }

  add(node: YamlNode): void {
    const kind = stringAt(node, 'kind')
    const apiVersion = stringAt(node, 'apiVersion')
    if (kind === undefined || apiVersion === undefined) return
    const items = kind.endsWith('List') ? entryOf(node, 'items')?.value : undefined
    if (items?.type === 'seq') {
      for (const item of items.items) this.add(item)
      return
    }
    const treatment = treatmentOf(apiVersion, kind)
    if (treatment.as === 'resource')
      this.#decode(
        node,
        { kind, apiVersion, clusterScoped: treatment.clusterScoped },
        treatment.decode,
      )
    else if (treatment.as === 'deployer')
      this.#decode(node, { kind, apiVersion, clusterScoped: false }, treatment.decode)
    else if (kind === 'ConfigMap') this.#addMeshConfigMap(node, apiVersion)
    else if (treatment.as === 'custom')
      this.#decode(node, { kind, apiVersion, clusterScoped: false }, ({ base }) =>
        objectOf<OtherObject>(base, {
          type: 'Other',
          kind,
          fills: base.namespaceSource === 'object' ? base.namespace : undefined,
        }),
      )
  }

  /** Undefined where no kustomization has a part in the document. */
  get derived(): DerivedFacts | undefined {
    return this.#written.length === 0
      ? undefined
      : { written: this.#written, declares: this.#declares, asks: this.#asks }
  }

  addHelmValues(node: YamlNode): void {
    const top =
      entryOf(node, 'meshConfig') ??
      entryOf(node, 'pilot') ??
      entryOf(node, 'cni') ??
      entryOf(node, 'profile')
    const nested =
      node.type === 'map'
        ? node.entries
            .map((entry) => entry.value)
            .filter(
              (value) =>
                (entryOf(value, 'meshConfig') ?? entryOf(entryOf(value, 'pilot')?.value, 'env')) !==
                undefined,
            )
        : []
    for (const values of top ? [node, ...nested] : nested) {
      this.#decode(
        values,
        { kind: 'HelmValues', apiVersion: 'v1', clusterScoped: true },
        decodeHelmValues,
      )
    }
  }

  #addMeshConfigMap(node: YamlNode, apiVersion: string): void {
    const metadata = entryOf(node, 'metadata')?.value
    const mesh = entryOf(entryOf(node, 'data')?.value, 'mesh')?.value
    if (stringAt(metadata, 'name') !== 'istio' || mesh?.type !== 'scalar') return
    const config = parseYaml(mesh.text).root
    this.#decode(
      node,
      { kind: 'ConfigMap', apiVersion, clusterScoped: false },
      ({ base, reader }) => {
        reader.object('data')?.string('mesh')
        const inner = config && ObjectReader.root(config, this.#session())
        return objectOf<MeshConfigSource>(base, {
          type: 'MeshConfig',
          kind: 'ConfigMap',
          meshConfig: decodeMeshConfigFields(inner),
          flags: {},
          profile: undefined,
          istioVersion: undefined,
          cniExcludeNamespaces: undefined,
        })
      },
    )
  }

  #decode(
    node: YamlNode,
    identity: {
      readonly kind: string
      readonly apiVersion: string
      readonly clusterScoped: boolean
    },
    decode: (input: { base: ResourceBase; kind: string; reader: ObjectReader }) => Resource,
  ): void {
    const { chains = NONE, intern } = this.#options
    if (node.type !== 'map' || chains.length === 0) {
      this.#decodeObject({ root: node, namespace: undefined }, identity, decode)
      return
    }
    const subject = { ...identity, name: stringAt(entryOf(node, 'metadata')?.value, 'name') ?? '' }
    this.#written.push({
      apiVersion: intern(subject.apiVersion),
      kind: intern(subject.kind),
      name: intern(subject.name),
    })
    for (const chain of chains) {
      const derived = derive(node, chain, { subject, nameNow: (referred) => this.#ask(referred) })
      if (derived && isReferredTo(subject.kind)) {
        const namespace = finalNamespace(derived)
        for (const name of derived.names)
          this.#declares.push({
            key: declarationKey({ kind: subject.kind, namespace, name }),
            name: derived.names.at(-1) ?? '',
          })
      }
      if (derived) this.#decodeObject(derived, identity, decode)
    }
  }

  #ask(referred: Referred): string {
    const { name, likely } = referred
    const key = declarationKey(referred)
    const answer = this.#options.nameNow?.(key, likely)
    this.#asks.push({ key, likely, answer })
    return answer ?? name
  }

  #decodeObject(
    {
      root: node,
      namespace: given,
    }: { readonly root: YamlNode; readonly namespace: string | undefined },
    identity: {
      readonly kind: string
      readonly apiVersion: string
      readonly clusterScoped: boolean
    },
    decode: (input: { base: ResourceBase; kind: string; reader: ObjectReader }) => Resource,
  ): void {
    const session = this.#session()
    const reader = ObjectReader.root(node, session)
    reader.has('apiVersion')
    reader.has('kind')
    const metadata = reader.object('metadata')
    const name = metadata?.string('name') ?? metadata?.string('generateName') ?? ''
    const namespace = metadata?.string('namespace')
    if (isPlaceholder(name) || (namespace !== undefined && isPlaceholder(namespace))) {
      this.opaqueKind = identity.kind
      return
    }
    const options =
      given === undefined
        ? this.#options
        : {
            ...this.#options,
            defaultNamespace: { namespace: given, source: 'kustomization' as const },
          }
    const { apiVersion, clusterScoped } = identity
    const base = baseOf(
      {
        apiVersion,
        name,
        namespace: given === undefined ? namespace : undefined,
        clusterScoped,
        labels: metadata?.stringMap('labels'),
        annotations: metadata?.stringMap('annotations'),
      },
      options,
      this.resources.length,
    )
    const resource = decode({ base, kind: identity.kind, reader })
    const invalid = this.#isWhole ? validateObject(node, identity.apiVersion, identity.kind) : []
    for (const { path } of invalid)
      session.builder.record(
        node,
        path.map((segment) => (typeof segment === 'string' ? session.intern(segment) : segment)),
      )
    const said = new Set(
      session.problems.length > 0 ? invalid.map(({ path }) => pathKey(path)) : NONE,
    )
    const complaints = invalid.concat(
      session.problems.filter(({ path }) => !said.has(pathKey(path))),
    )
    const problems = distinct(complaints, ({ path, message }) => `${path.join('\n')}\n${message}`)
    const placeholders = distinct(session.placeholders, (path) => path.join('\n'))
    this.resources.push(
      problems.length + placeholders.length === 0
        ? resource
        : Object.assign(resource, { problems, placeholders }),
    )
    this.sources.push(session.builder.build(this.#lineStarts))
  }

  #session(): DecodeSession & { problems: DecodeProblem[] } {
    return {
      builder: new SourceMapBuilder(this.#options.outlines),
      problems: [],
      placeholders: [],
      intern: this.#options.intern,
    }
  }
}

/** Fields that two decoders read, such as a Pod's labels, are told once. */
function distinct<T>(items: readonly T[], identity: (item: T) => string): readonly T[] {
  if (items.length === 0) return NONE
  return items.length === 1
    ? items
    : [...new Map(items.map((item) => [identity(item), item])).values()]
}

function stringAt(node: YamlNode | undefined, key: string): string | undefined {
  const value = entryOf(node, key)?.value
  return isText(value) ? value.text : undefined
}

function isText(node: YamlNode | undefined): node is YamlScalar {
  return node?.type === 'scalar' && node.text !== ''
}
