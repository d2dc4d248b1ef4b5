import { lineStartsOf } from '../text/lineIndex.js'
import { findHeredocDebris, blankOutDebris } from '../yaml/heredoc.js'
import { hasOtherValues, isTemplate, withoutFilledInLines } from '../yaml/isTemplate.js'
import type { YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { sniff } from '../yaml/sniff.js'
import { findSuppressions } from '../yaml/suppressions.js'
import { EMPTY_DOCUMENT, type DocumentFacts, type ReadOptions } from './documentFacts.js'
import { isReadKind, isSideKind, treatmentOf } from './decoders.js'
import { setsEnrolment, setsMeshLabels } from './labelPolicy.js'
import { baseOf } from './objectBase.js'
import { ObjectCollector } from './objectCollector.js'
import { hasPatchDirective } from './kustomize/strategicMerge.js'
import { textAt } from './kustomize/tree.js'
import type { OtherObject } from './otherObject.js'
import { objectOf } from './resourceBase.js'
import { SourceMapBuilder } from './sourceMap.js'
import { NONE } from '../text/collections.js'

const NO_FIELDS = new SourceMapBuilder().build(EMPTY_DOCUMENT.lineStarts)
const HELM_VALUES = /^\s{0,4}(meshConfig|pilot|cni|profile|dnsCapture):/m

/**
 * Reads one document. Never throws. A document of a kind that is not needed is recognised without
 * parsing it (`sniff`).
 */
export function readDocument(text: string, options: ReadOptions): DocumentFacts {
  const surface = sniff(text)
  const isHelmValues = options.helmValues && surface.kind === undefined && HELM_VALUES.test(text)
  if (surface.decided && !isHelmValues) {
    if (surface.kind === undefined || surface.apiVersion === undefined) return EMPTY_DOCUMENT
    const { as } = treatmentOf(surface.apiVersion, surface.kind)
    if (setsMeshLabels(surface.apiVersion, surface.kind, text))
      return customResource(
        text,
        { kind: surface.kind, apiVersion: surface.apiVersion, changesOnly: true },
        options,
      )
    if (as === 'custom')
      return customResource(text, { kind: surface.kind, apiVersion: surface.apiVersion }, options)
    if (as === 'ignored' && !surface.kind.endsWith('List') && !isMeshConfigMap(surface.kind, text))
      return EMPTY_DOCUMENT
  }
  const opaque = (): DocumentFacts =>
    surface.kind === undefined
      ? EMPTY_DOCUMENT
      : { ...EMPTY_DOCUMENT, opaqueKind: options.intern(surface.kind) }
  if (options.chartTemplate || isTemplate(text) || hasOtherValues(text)) return opaque()
  const debris = findHeredocDebris(text)
  const lineStarts = lineStartsOf(text)
  const parsed = parseYaml(debris.length > 0 ? blankOutDebris(text, debris) : text)
  if (parsed.root && !options.isIncluded && isUnlistedPatch(text, parsed.root))
    return readBuildDocument(text)
  const isValid = isValidYaml(parsed)
  if (!isValid && isValidOnceFilledIn(text)) return opaque()
  const collected = new ObjectCollector(options, lineStarts, isValid)
  if (parsed.root) {
    if (isHelmValues) collected.addHelmValues(parsed.root)
    else collected.add(parsed.root)
  }
  const isRelevant =
    collected.resources.length > 0 ||
    collected.kustomized !== undefined ||
    (surface.kind !== undefined && isReadKind(surface.kind) && surface.apiVersion !== undefined) ||
    (parsed.problems.some(({ isLimit }) => isLimit) && mentionsObject(text))
  if (!isRelevant) return EMPTY_DOCUMENT
  const hidesProblems = surface.kind !== undefined && isSideKind(surface.kind)
  const hidesDuplicates = isHelmValues || collected.resources.every(({ type }) => type === 'Other')
  const problems = hidesDuplicates
    ? parsed.problems.filter(({ duplicateKey }) => duplicateKey === undefined)
    : parsed.problems
  return {
    resources: collected.resources.slice(),
    sources: collected.sources.slice(),
    problems: hidesProblems ? NONE : problems,
    suppressions: findSuppressions(text),
    debris: hidesProblems ? NONE : debris,
    opaqueKind: collected.opaqueKind,
    lineStarts,
    ...(parsed.problems.length + debris.length > 0 && /istio/i.test(text)
      ? { namesIstio: true }
      : {}),
    ...(collected.kustomized ? { kustomized: collected.kustomized } : {}),
  }
}

/**
 * Whether a document is a strategic merge patch that no kustomization names, for example because the line is a comment
 * now. Objects that only create others can contain patches.
 */
function isUnlistedPatch(text: string, root: YamlNode): boolean {
  if (!text.includes('$patch')) return false
  const kind = textAt(root, 'kind')
  const apiVersion = textAt(root, 'apiVersion')
  return (
    kind !== undefined &&
    apiVersion !== undefined &&
    treatmentOf(apiVersion, kind).as === 'resource' &&
    hasPatchDirective(root)
  )
}

function isValidYaml({ problems }: ReturnType<typeof parseYaml>): boolean {
  return problems.every(({ duplicateKey }) => duplicateKey !== undefined)
}

/** Whether only lines that another tool fills in make a text invalid: it is a template. */
function isValidOnceFilledIn(text: string): boolean {
  const without = withoutFilledInLines(text)
  return without !== undefined && isValidYaml(parseYaml(without))
}

/**
 * A kustomization or a patch contains no object, but ignore comments apply to findings about its
 * values.
 */
export function readBuildDocument(text: string): DocumentFacts {
  return { ...EMPTY_DOCUMENT, suppressions: findSuppressions(text), lineStarts: lineStartsOf(text) }
}

const KINDS = /["']?\bkind["']?\s*:\s*["']?([A-Z][A-Za-z]+)/g
const API_VERSION = /["']?\bapiVersion["']?\s*:\s*["']?[a-z]/

/**
 * Whether a document beyond the limits may contain an object of interest: then the limit is
 * reported.
 */
function mentionsObject(text: string): boolean {
  return (
    API_VERSION.test(text) && [...text.matchAll(KINDS)].some(([, kind = '']) => isReadKind(kind))
  )
}

/** Whether a ConfigMap may contain the MeshConfig. The decoder checks it. */
function isMeshConfigMap(kind: string, text: string): boolean {
  return (
    kind === 'ConfigMap' &&
    ((/\bname["']?:\s*["']?istio["'\s,}]/.test(text) && /\bmesh["']?:/.test(text)) ||
      text.includes('AMBIENT_DNS_CAPTURE'))
  )
}

const METADATA = /^metadata:[ \t]*(?:#.*)?((?:(?:\r\n|[\r\n])(?:[ \t]+[^\r\n]*|#[^\r\n]*)?)*)/m

/**
 * A custom resource that may create workloads. Only its kind, name and namespace are read, by
 * regular expressions. A template may create workloads in any namespace.
 */
function customResource(
  text: string,
  surface: { readonly kind: string; readonly apiVersion: string; readonly changesOnly?: true },
  options: ReadOptions,
): DocumentFacts {
  const isLiteral = !options.chartTemplate && !isTemplate(text)
  const namespace = isLiteral ? metadataField(text, 'namespace') : undefined
  const identity = {
    apiVersion: surface.apiVersion,
    name: (isLiteral ? metadataField(text, 'name') : undefined) ?? '',
    namespace,
    clusterScoped: false,
    labels: undefined,
    annotations: undefined,
  }
  const base = baseOf(identity, options, 0)
  const resource = objectOf<OtherObject>(base, {
    type: 'Other',
    kind: options.intern(surface.kind),
    creates: surface.changesOnly
      ? 'nothing'
      : namespace === undefined
        ? 'anywhere'
        : { namespace: base.namespace },
    ...(surface.changesOnly && setsEnrolment(text) ? { enrols: true } : {}),
  })
  return { ...EMPTY_DOCUMENT, resources: [resource], sources: [NO_FIELDS] }
}

/** A plain scalar in the block mapping `metadata`; undefined if it is written in any other way. */
function metadataField(text: string, field: string): string | undefined {
  const block = METADATA.exec(text)?.[1] ?? ''
  const indent = /^[ \t]+(?=[^\s#])/m.exec(block)?.[0]
  return [
    ...block.matchAll(/^([ \t]+)([a-z]+):[ \t]*["']?([A-Za-z0-9.-]+)["']?[ \t]*(?:#.*)?$/gm),
  ].find(([, before, key]) => before === indent && key === field)?.[3]
}
