import type { LineStarts } from '../text/lineIndex.js'
import { entryOf, type YamlMap, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { decodeObject, newSession, type Decode, type ObjectType } from './decodeObject.js'
import type { KnownName, KustomizedFacts, NameLookup, ReadOptions } from './documentFacts.js'
import { treatmentOf } from './decoders.js'
import { deliveredObjects } from './deliveredObjects.js'
import {
  applyKustomizations,
  type BuiltObject,
  type KustomizationPath,
  type ObjectReference,
} from './kustomize/applyKustomizations.js'
import { namespaceOf } from './kustomize/objectState.js'
import type { OriginalId } from './kustomize/patch.js'
import { isReferenced } from './kustomize/references.js'
import { withStringMetadata } from './kustomize/tree.js'
import {
  CNI_CONFIG_MAP,
  CNI_DNS_CAPTURE,
  decodeCniConfigMap,
  decodeHelmValues,
  decodeMeshConfigMap,
  HELM_VALUES,
} from './meshConfig.js'
import { istioValuesIn } from './istioValues.js'
import { isExampleInstall } from './paths.js'
import { ObjectReader } from './objectReader.js'
import type { OtherObject } from './otherObject.js'
import type { Resource } from './resource.js'
import { objectOf } from './resourceBase.js'
import type { SourceMap } from './sourceMap.js'

const NO_PATHS: readonly KustomizationPath[] = []

/**
 * Collects the objects of one document. A `List` has several, and each kustomization path builds an
 * object once.
 */
export class ObjectCollector {
  readonly resources: Resource[] = []
  readonly sources: SourceMap[] = []
  /** The kind of an object whose name is a placeholder. */
  opaqueKind: string | undefined
  readonly #options: ReadOptions
  readonly #lineStarts: LineStarts
  readonly #validate: boolean
  readonly #originals: OriginalId[] = []
  readonly #names: KnownName[] = []
  readonly #lookups: NameLookup[] = []

  /**
   * @param isValidYaml objects in invalid YAML may be incomplete: their fields are not validated.
   */
  constructor(options: ReadOptions, lineStarts: LineStarts, isValidYaml: boolean) {
    this.#options = options
    this.#lineStarts = lineStarts
    this.#validate = isValidYaml
  }

  /** Undefined if no kustomization builds these objects. */
  get kustomized(): KustomizedFacts | undefined {
    return this.#originals.length === 0
      ? undefined
      : { originals: this.#originals, names: this.#names, lookups: this.#lookups }
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
    const type = { kind, apiVersion, clusterScoped: false }
    if (treatment.as === 'resource')
      this.#addObject(node, { ...type, clusterScoped: treatment.clusterScoped }, treatment.decode)
    else if (treatment.as === 'deployer') this.#addObject(node, type, treatment.decode)
    else if (kind === 'ConfigMap') this.#addMeshConfigMap(node, type)
    else if (treatment.as === 'custom') this.#addObject(node, type, decodeCustomResource)
  }

  /** Adds Helm values of Istio: at the top level, or below a key for the subchart. */
  addHelmValues(node: YamlNode): void {
    const type = { kind: HELM_VALUES, apiVersion: 'v1', clusterScoped: true }
    for (const values of istioValuesIn(node)) this.#addObject(values, type, decodeHelmValues)
  }

  /**
   * Adds the ConfigMap `istio`, whose field `mesh` contains the MeshConfig as text, and the ConfigMap of istio-cni.
   * Other ConfigMaps are ignored.
   */
  #addMeshConfigMap(node: YamlNode, type: ObjectType): void {
    const data = entryOf(node, 'data')?.value
    const mesh = entryOf(data, 'mesh')?.value
    if (nameOf(node) === 'istio' && mesh?.type === 'scalar') {
      const config = parseYaml(mesh.text).root
      const reader = config && ObjectReader.root(config, newSession(this.#options))
      this.#addObject(node, type, (input) => decodeMeshConfigMap(input, reader))
    } else if (nameOf(node) === CNI_CONFIG_MAP && entryOf(data, CNI_DNS_CAPTURE))
      this.#addObject(node, type, decodeCniConfigMap)
  }

  #addObject(given: YamlNode, type: ObjectType, decode: Decode): void {
    const { kustomizationPaths = NO_PATHS, isIncluded = false, intern } = this.#options
    const node = isIncluded && given.type === 'map' ? withStringMetadata(given) : given
    if (node.type !== 'map' || kustomizationPaths.length === 0) {
      this.#decode(node, type, decode)
      return
    }
    const name = nameOf(node) ?? ''
    this.#originals.push({
      apiVersion: intern(type.apiVersion),
      kind: intern(type.kind),
      name: intern(name),
    })
    for (const path of kustomizationPaths) {
      const built = this.#build(node, path, { ...type, name })
      if (built) this.#decode(built.root, type, decode, built.namespace)
    }
  }

  #build(
    node: YamlMap,
    path: KustomizationPath,
    subject: ObjectType & { readonly name: string },
  ): BuiltObject | undefined {
    const built = applyKustomizations(node, path, {
      subject,
      currentName: (reference) => this.#lookUp(reference),
    })
    if (built && isReferenced(subject.kind)) {
      const { kind } = subject
      const namespace = namespaceOf(built)
      const currentName = built.names.at(-1) ?? ''
      for (const name of built.names)
        this.#names.push({ key: nameKey({ kind, namespace, name }), currentName })
    }
    return built
  }

  #lookUp(reference: ObjectReference): string {
    const { name, expected } = reference
    const key = nameKey(reference)
    const result = this.#options.currentName?.(key, expected)
    this.#lookups.push({ key, expected, result })
    return result ?? name
  }

  #decode(node: YamlNode, type: ObjectType, decode: Decode, builtNamespace?: string): void {
    const decoded = decodeObject(node, type, decode, {
      read: this.#options,
      lineStarts: this.#lineStarts,
      validate: this.#validate,
      ordinal: this.resources.length,
      builtNamespace,
    })
    if (!decoded) {
      this.opaqueKind = type.kind
      return
    }
    const { resource } = decoded
    if (resource.type === 'MeshConfig' && isExampleInstall(resource.origin.file)) return
    this.resources.push(resource)
    this.sources.push(decoded.source)
    if (decoded.resource.type !== 'Other') return
    for (const delivered of deliveredObjects(type.kind, node, () => newSession(this.#options)))
      this.#decode(delivered.node, delivered.type, delivered.decode)
  }
}

const decodeCustomResource: Decode = ({ base, kind }) =>
  objectOf<OtherObject>(base, {
    type: 'Other',
    kind,
    creates: base.namespaceSource === 'object' ? { namespace: base.namespace } : 'anywhere',
  })

function nameKey({ kind, namespace, name }: Omit<ObjectReference, 'expected'>): string {
  return `${kind} ${namespace}/${name}`
}

function nameOf(node: YamlNode): string | undefined {
  return stringAt(entryOf(node, 'metadata')?.value, 'name')
}

function stringAt(node: YamlNode | undefined, key: string): string | undefined {
  const value = entryOf(node, key)?.value
  return value?.type === 'scalar' && value.text !== '' ? value.text : undefined
}
