import { lineStartsOf, type LineStarts, type Span } from '../text/lineIndex.js'
import { isTemplate } from '../yaml/isTemplate.js'
import { entryOf, type YamlNode, type YamlProblem, type YamlScalar } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { sniff } from '../yaml/sniff.js'
import { findHeredocDebris, withoutDebris } from '../yaml/heredoc.js'
import { findSuppressions, type Suppression } from '../yaml/suppressions.js'
import { groupOf, isReadKind, isSideKind, treatmentOf } from './kinds.js'
import { decodeHelmValues, decodeMeshConfigFields } from './meshConfig.js'
import { ObjectReader, type DecodeProblem, type DecodeSession } from './objectReader.js'
import type { NamespaceSource, Resource, ResourceBase } from './resource.js'
import { derive, finalNamespace, type Chain, type Referred } from './kustomize/derive.js'
import type { WrittenId } from './kustomize/patch.js'
import { isReferredTo } from './kustomize/references.js'
import { SourceMapBuilder, type SourceMap } from './sourceMap.js'
import { hasPath, validateObject } from './validation/validateObject.js'

/** What one document of a file tells. Every span is relative to the document's text. */
export interface DocumentFacts {
  readonly resources: readonly Resource[]
  /** One for each resource: where its fields stand. */
  readonly sources: readonly SourceMap[]
  readonly problems: readonly YamlProblem[]
  readonly suppressions: readonly Suppression[]
  /** Lines left over from a shell here-document. */
  readonly debris: readonly Span[]
  /** The kind that a template's rendering will have; nothing else is known of it. */
  readonly opaqueKind: string | undefined
  readonly lineStarts: LineStarts
  /** How kustomizations made its objects, where some do. */
  readonly derived?: DerivedFacts
}

/** What objects rest on that kustomizations have a part in. */
export interface DerivedFacts {
  /** The objects as they are written. */
  readonly written: readonly WrittenId[]
  /** Objects that others refer to. */
  readonly declares: readonly Declared[]
  /** Names that were asked for, and the answers. */
  readonly asks: readonly Asked[]
}

/** An object by a name that it has gone by. */
export interface Declared {
  readonly key: string
  /** What it is called now. */
  readonly name: string
}

export interface Asked {
  readonly key: string
  readonly likely: string
  readonly answer: string | undefined
}

export interface ReadOptions {
  readonly file: string
  /** Serial number of the document, see `Origin`. */
  readonly document: number
  /** The namespace of objects that name none. */
  readonly defaultNamespace: { readonly namespace: string; readonly source: NamespaceSource }
  /** The file is a chart template that has an action somewhere: none of its documents is literal. */
  readonly chartTemplate: boolean
  /** The file may hold Helm values of istiod. */
  readonly helmValues: boolean
  /** What kustomizations make of its objects, see `FilePlacement.chains`. */
  readonly chains?: readonly Chain[]
  /** What an object is called now, if it is known by the key; the likely name where several are. */
  nameNow?(key: string, likely: string): string | undefined
  intern(text: string): string
}

const AS_WRITTEN: readonly (Chain | undefined)[] = [undefined]

function declarationKey({ kind, namespace, name }: Omit<Referred, 'likely'>): string {
  return `${kind} ${namespace}/${name}`
}

const NONE: readonly never[] = []
const ONE_LINE = lineStartsOf('')
const NO_FIELDS = new SourceMapBuilder().build(ONE_LINE)
const NOTHING: DocumentFacts = { resources: [], sources: [], problems: [], suppressions: [], debris: [], opaqueKind: undefined, lineStarts: ONE_LINE }

/** Reads one document. Never throws. Documents of kinds that decide nothing are recognised on their surface and not parsed. */
export function readDocument(text: string, options: ReadOptions): DocumentFacts {
  const surface = sniff(text)
  const values = options.helmValues && surface.kind === undefined && /^\s{0,4}(meshConfig|pilot|cni|profile):/m.test(text)
  if (surface.decided && !values) {
    if (surface.kind === undefined || surface.apiVersion === undefined) return NOTHING
    const { as } = treatmentOf(surface.apiVersion, surface.kind)
    if (as === 'custom') return lightFacts(text, { kind: surface.kind, apiVersion: surface.apiVersion }, options)
    if (as === 'ignored' && !surface.kind.endsWith('List') && !isMeshConfigMap(surface.kind, text)) return NOTHING
  }
  if (options.chartTemplate || isTemplate(text)) return surface.kind === undefined ? NOTHING : { ...NOTHING, opaqueKind: options.intern(surface.kind) }
  const debris = findHeredocDebris(text)
  const lineStarts = lineStartsOf(text)
  const parsed = parseYaml(debris.length > 0 ? withoutDebris(text, debris) : text)
  const collected = new Collector(options, lineStarts, parsed.problems.length === 0)
  if (parsed.root) {
    if (values) collected.addHelmValues(parsed.root)
    else collected.add(parsed.root)
  }
  const speaks = collected.resources.length > 0 || collected.derived !== undefined || (surface.kind !== undefined && isReadKind(surface.kind) && surface.apiVersion !== undefined) || (parsed.problems.some(({ isLimit }) => isLimit) && mentionsObject(text))
  if (!speaks) return NOTHING
  const silent = surface.kind !== undefined && isSideKind(surface.kind)
  return {
    resources: collected.resources.slice(),
    sources: collected.sources.slice(),
    problems: silent ? NONE : parsed.problems,
    suppressions: findSuppressions(text),
    debris: silent ? NONE : debris,
    opaqueKind: collected.opaqueKind,
    lineStarts,
    ...(collected.derived ? { derived: collected.derived } : {}),
  }
}

/** A kustomization or a patch: no object, but its comments count where a value of it is spoken of. */
export function readContextDocument(text: string): DocumentFacts {
  return { ...NOTHING, suppressions: findSuppressions(text), lineStarts: lineStartsOf(text) }
}

const KINDS = /["']?\bkind["']?\s*:\s*["']?([A-Z][A-Za-z]+)/g
const API_VERSION = /["']?\bapiVersion["']?\s*:\s*["']?[a-z]/

/** Whether a document that is not read may hold an object that would be, such as a list written as JSON: then that is told. */
function mentionsObject(text: string): boolean {
  return API_VERSION.test(text) && [...text.matchAll(KINDS)].some(([, kind = '']) => isReadKind(kind))
}

/** Whether a ConfigMap may be the one that holds MeshConfig; the decoder makes sure. */
function isMeshConfigMap(kind: string, text: string): boolean {
  return kind === 'ConfigMap' && /\bname["']?:\s*["']?istio["'\s,}]/.test(text) && /\bmesh["']?:/.test(text)
}

const METADATA = /^metadata:[ \t]*(?:#.*)?((?:(?:\r\n|[\r\n])(?:[ \t]+[^\r\n]*|#[^\r\n]*)?)*)/m

/** A custom resource that may create workloads: its kind and namespace are read from the text alone. A template of one may create them anywhere. */
function lightFacts(text: string, surface: { readonly kind: string; readonly apiVersion: string }, options: ReadOptions): DocumentFacts {
  const known = !options.chartTemplate && !isTemplate(text)
  const namespace = known ? metadataField(text, 'namespace') : undefined
  const identity = { apiVersion: surface.apiVersion, name: (known ? metadataField(text, 'name') : undefined) ?? '', namespace, clusterScoped: false }
  const base = baseOf(identity, options, 0)
  const resource: Resource = { ...base, type: 'Other', kind: options.intern(surface.kind), fills: namespace === undefined ? undefined : base.namespace }
  return { ...NOTHING, resources: [resource], sources: [NO_FIELDS] }
}

/** A plain field of the `metadata` mapping; undefined where it is written in any other way. */
function metadataField(text: string, field: string): string | undefined {
  const block = METADATA.exec(text)?.[1] ?? ''
  const indent = /^[ \t]+(?=[^\s#])/m.exec(block)?.[0]
  return [...block.matchAll(/^([ \t]+)([a-z]+):[ \t]*["']?([A-Za-z0-9.-]+)["']?[ \t]*(?:#.*)?$/gm)].find(([, before, key]) => before === indent && key === field)?.[3]
}

interface Identity {
  readonly apiVersion: string
  readonly name: string
  readonly namespace: string | undefined
  readonly clusterScoped: boolean
}

function baseOf(identity: Identity, options: ReadOptions, ordinal: number): ResourceBase {
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
    labels: undefined,
    annotations: undefined,
    origin: { file: options.file, document: options.document, ordinal },
    problems: NONE,
    placeholders: NONE,
  }
}

/** Decodes the objects of one document, `List`s included. */
class Collector {
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
    if (treatment.as === 'resource') this.#decode(node, { kind, apiVersion, clusterScoped: treatment.clusterScoped }, treatment.decode)
    else if (treatment.as === 'deployer') this.#decode(node, { kind, apiVersion, clusterScoped: false }, treatment.decode)
    else if (kind === 'ConfigMap') this.#addMeshConfigMap(node, apiVersion)
    else if (treatment.as === 'custom') this.#decode(node, { kind, apiVersion, clusterScoped: false }, ({ base }) => ({ ...base, type: 'Other', kind, fills: base.namespaceSource === 'object' ? base.namespace : undefined }))
  }

  /** Undefined where no kustomization has a part in the document. */
  get derived(): DerivedFacts | undefined {
    return this.#written.length === 0 ? undefined : { written: this.#written, declares: this.#declares, asks: this.#asks }
  }

  addHelmValues(node: YamlNode): void {
    const top = entryOf(node, 'meshConfig') ?? entryOf(node, 'pilot') ?? entryOf(node, 'cni') ?? entryOf(node, 'profile')
    const nested = node.type === 'map' ? node.entries.map((entry) => entry.value).filter((value) => (entryOf(value, 'meshConfig') ?? entryOf(entryOf(value, 'pilot')?.value, 'env')) !== undefined) : []
    for (const values of top ? [node, ...nested] : nested) {
      this.#decode(values, { kind: 'HelmValues', apiVersion: 'v1', clusterScoped: true }, decodeHelmValues)
    }
  }

  #addMeshConfigMap(node: YamlNode, apiVersion: string): void {
    const metadata = entryOf(node, 'metadata')?.value
    const mesh = entryOf(entryOf(node, 'data')?.value, 'mesh')?.value
    if (stringAt(metadata, 'name') !== 'istio' || mesh?.type !== 'scalar') return
    const config = parseYaml(mesh.text).root
    this.#decode(node, { kind: 'ConfigMap', apiVersion, clusterScoped: false }, ({ base, reader }) => {
      reader.object('data')?.string('mesh')
      const inner = config && ObjectReader.root(config, { ...this.#session(), builder: new SourceMapBuilder() })
      return { ...base, type: 'MeshConfig', kind: 'ConfigMap', meshConfig: decodeMeshConfigFields(inner), flags: {}, profile: undefined, istioVersion: undefined, cniExcludeNamespaces: undefined }
    })
  }

  #decode(
    node: YamlNode,
    identity: { readonly kind: string; readonly apiVersion: string; readonly clusterScoped: boolean },
    decode: (input: { base: ResourceBase; kind: string; reader: ObjectReader }) => Resource,
  ): void {
    const chains = node.type === 'map' ? this.#options.chains ?? [] : []
    const subject = { ...identity, name: stringAt(entryOf(node, 'metadata')?.value, 'name') ?? '' }
    if (chains.length > 0) this.#written.push({ apiVersion: this.#options.intern(subject.apiVersion), kind: this.#options.intern(subject.kind), name: this.#options.intern(subject.name) })
    for (const chain of chains.length > 0 ? chains : AS_WRITTEN) {
      const derived = chain && node.type === 'map' ? derive(node, chain, { subject, nameNow: (referred) => this.#ask(referred) }) : { root: node, namespace: undefined, names: NONE }
      if (chain && derived && isReferredTo(subject.kind)) {
        const namespace = finalNamespace(derived)
        for (const name of derived.names) this.#declares.push({ key: declarationKey({ kind: subject.kind, namespace, name }), name: derived.names.at(-1) ?? '' })
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
    { root: node, namespace: given }: { readonly root: YamlNode; readonly namespace: string | undefined },
    identity: { readonly kind: string; readonly apiVersion: string; readonly clusterScoped: boolean },
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
    const base: ResourceBase = {
      ...baseOf({ ...identity, name, namespace: given === undefined ? namespace : undefined }, given === undefined ? this.#options : { ...this.#options, defaultNamespace: { namespace: given, source: 'kustomization' } }, this.resources.length),
      labels: metadata?.stringMap('labels'),
      annotations: metadata?.stringMap('annotations'),
    }
    const resource = decode({ base, kind: identity.kind, reader })
    const invalid = this.#isWhole ? validateObject(node, identity.apiVersion, identity.kind) : []
    for (const { path } of invalid) session.builder.record(node, path)
    const complaints = [...invalid, ...session.problems.filter(({ path }) => !hasPath(invalid, path))]
    const problems = distinct(complaints, ({ path, message }) => `${path.join('\n')}\n${message}`)
    const placeholders = distinct(session.placeholders, (path) => path.join('\n'))
    // Spreading gives each object a hidden class of its own; assigning lets objects of a kind share one, which every later access is faster for.
    this.resources.push(Object.assign({}, resource, { problems, placeholders }))
    this.sources.push(session.builder.build(this.#lineStarts))
  }

  #session(): DecodeSession & { problems: DecodeProblem[] } {
    return { builder: new SourceMapBuilder(), problems: [], placeholders: [], intern: (text) => this.#options.intern(text) }
  }
}

/** Fields that two decoders read, such as a Pod's labels, are told once. */
function distinct<T>(items: readonly T[], identity: (item: T) => string): readonly T[] {
  if (items.length === 0) return NONE
  return items.length === 1 ? items : [...new Map(items.map((item) => [identity(item), item])).values()]
}

function stringAt(node: YamlNode | undefined, key: string): string | undefined {
  const value = entryOf(node, key)?.value
  return isText(value) ? value.text : undefined
}

function isText(node: YamlNode | undefined): node is YamlScalar {
  return node?.type === 'scalar' && node.text !== ''
}
