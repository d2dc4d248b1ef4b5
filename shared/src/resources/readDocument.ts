import { lineStartsOf } from '../text/lineIndex.js'
import { findHeredocDebris, withoutDebris } from '../yaml/heredoc.js'
import { isTemplate } from '../yaml/isTemplate.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { sniff } from '../yaml/sniff.js'
import { findSuppressions } from '../yaml/suppressions.js'
import type { DocumentFacts, ReadOptions } from './documentFacts.js'
import { isReadKind, isSideKind, treatmentOf } from './decoders.js'
import { baseOf, ObjectCollector } from './objectCollector.js'
import type { OtherObject } from './otherObject.js'
import { objectOf } from './resourceBase.js'
import { SourceMapBuilder } from './sourceMap.js'
import { NONE } from '../text/collections.js'

const ONE_LINE = lineStartsOf('')
const NO_FIELDS = new SourceMapBuilder().build(ONE_LINE)
const NOTHING: DocumentFacts = {
  resources: [],
  sources: [],
  problems: [],
  suppressions: [],
  debris: [],
  opaqueKind: undefined,
  lineStarts: ONE_LINE,
}

/** Reads one document. Never throws. Documents of kinds that decide nothing are recognised on their surface and not parsed. */
export function readDocument(text: string, options: ReadOptions): DocumentFacts {
  const surface = sniff(text)
  const values =
    options.helmValues &&
    surface.kind === undefined &&
    /^\s{0,4}(meshConfig|pilot|cni|profile):/m.test(text)
  if (surface.decided && !values) {
    if (surface.kind === undefined || surface.apiVersion === undefined) return NOTHING
    const { as } = treatmentOf(surface.apiVersion, surface.kind)
    if (as === 'custom')
      return lightFacts(text, { kind: surface.kind, apiVersion: surface.apiVersion }, options)
    if (as === 'ignored' && !surface.kind.endsWith('List') && !isMeshConfigMap(surface.kind, text))
      return NOTHING
  }
  if (options.chartTemplate || isTemplate(text))
    return surface.kind === undefined
      ? NOTHING
      : { ...NOTHING, opaqueKind: options.intern(surface.kind) }
  const debris = findHeredocDebris(text)
  const lineStarts = lineStartsOf(text)
  const parsed = parseYaml(debris.length > 0 ? withoutDebris(text, debris) : text)
  const collected = new ObjectCollector(options, lineStarts, parsed.problems.length === 0)
  if (parsed.root) {
    if (values) collected.addHelmValues(parsed.root)
    else collected.add(parsed.root)
  }
  const speaks =
    collected.resources.length > 0 ||
    collected.derived !== undefined ||
    (surface.kind !== undefined && isReadKind(surface.kind) && surface.apiVersion !== undefined) ||
    (parsed.problems.some(({ isLimit }) => isLimit) && mentionsObject(text))
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
  return (
    API_VERSION.test(text) && [...text.matchAll(KINDS)].some(([, kind = '']) => isReadKind(kind))
  )
}

/** Whether a ConfigMap may be the one that holds MeshConfig; the decoder makes sure. */
function isMeshConfigMap(kind: string, text: string): boolean {
  return (
    kind === 'ConfigMap' &&
    /\bname["']?:\s*["']?istio["'\s,}]/.test(text) &&
    /\bmesh["']?:/.test(text)
  )
}

const METADATA = /^metadata:[ \t]*(?:#.*)?((?:(?:\r\n|[\r\n])(?:[ \t]+[^\r\n]*|#[^\r\n]*)?)*)/m

/** A custom resource that may create workloads: its kind and namespace are read from the text alone. A template of one may create them anywhere. */
function lightFacts(
  text: string,
  surface: { readonly kind: string; readonly apiVersion: string },
  options: ReadOptions,
): DocumentFacts {
  const known = !options.chartTemplate && !isTemplate(text)
  const namespace = known ? metadataField(text, 'namespace') : undefined
  const identity = {
    apiVersion: surface.apiVersion,
    name: (known ? metadataField(text, 'name') : undefined) ?? '',
    namespace,
    clusterScoped: false,
    labels: undefined,
    annotations: undefined,
  }
  const base = baseOf(identity, options, 0)
  const resource = objectOf<OtherObject>(base, {
    type: 'Other',
    kind: options.intern(surface.kind),
    fills: namespace === undefined ? undefined : base.namespace,
  })
  return { ...NOTHING, resources: [resource], sources: [NO_FIELDS] }
}

/** A plain field of the `metadata` mapping; undefined where it is written in any other way. */
function metadataField(text: string, field: string): string | undefined {
  const block = METADATA.exec(text)?.[1] ?? ''
  const indent = /^[ \t]+(?=[^\s#])/m.exec(block)?.[0]
  return [
    ...block.matchAll(/^([ \t]+)([a-z]+):[ \t]*["']?([A-Za-z0-9.-]+)["']?[ \t]*(?:#.*)?$/gm),
  ].find(([, before, key]) => before === indent && key === field)?.[3]
}
