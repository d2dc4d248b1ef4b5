import {
  FILLED_IN_ELSEWHERE,
  type MeshConfig,
  type MeshConfigSource,
} from '../resources/meshConfig.js'
import { isEqual } from '../text/isEqual.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { MeshSettings } from './meshSettings.js'
import {
  discoverySelectorsOf,
  flagOf,
  ISTIOD_FLAGS,
  rootNamespaceOf,
  trustDomainOf,
} from './settings.js'

/** A setting of an install. */
interface Field {
  /** The value that an install has; undefined or empty where it has none. */
  said(source: MeshConfigSource): unknown
  /** An install with the value of another install. */
  take(source: MeshConfigSource, from: MeshConfigSource): MeshConfigSource
  /** The installs that are possible where another tool fills in the value. */
  possible?(source: MeshConfigSource): readonly MeshConfigSource[]
}

/**
 * The ways to read installs that disagree. Each way decides every disputed setting, and leaves the
 * settings as they are in which installs complement each other. Empty where they agree.
 *
 * @param possibleTrustDomains one of them applies where another tool fills in the trust domain.
 */
export function installChoices(
  sources: readonly MeshConfigSource[],
  user: MeshSettings,
  possibleTrustDomains: () => readonly string[],
): readonly (readonly MeshConfigSource[])[] {
  const disputed = fieldsFor(user, possibleTrustDomains)
    .map((field) => ({ field, ways: waysOf(field, sources) }))
    .filter(({ ways }) => ways.length > 1)
  const most = Math.max(0, ...disputed.map(({ ways }) => ways.length))
  return Array.from({ length: most }, (_, choice) =>
    sources.map((source) =>
      disputed.reduce((decided, { field, ways }) => {
        const from = ways[choice % ways.length]
        return from === undefined || field.said(decided) === undefined
          ? decided
          : field.take(decided, from)
      }, source),
    ),
  )
}

/** One install for each different value of a field. */
function waysOf(field: Field, sources: readonly MeshConfigSource[]): MeshConfigSource[] {
  const all = sources.filter(
    (source) => field.said(source) !== undefined && field.said(source) !== '',
  )
  const stated = all.filter((source) => field.said(source) !== FILLED_IN_ELSEWHERE)
  return (stated.length > 0 ? stated : all)
    .flatMap((source) =>
      field.possible && isOpen(field.said(source)) ? field.possible(source) : [source],
    )
    .reduce<MeshConfigSource[]>((ways, source) => {
      return ways.some((other) => isEqual(field.said(other), field.said(source)))
        ? ways
        : [...ways, source]
    }, [])
}

function isOpen(value: unknown): boolean {
  return typeof value === 'string' && isPlaceholder(value)
}

/** The fields that installs can dispute: the user has not set them. */
function fieldsFor(user: MeshSettings, trustDomains: () => readonly string[]): Field[] {
  return [
    ...(user.rootNamespace === undefined
      ? [{ ...meshConfigField('rootNamespace'), said: rootNamespaceOf }]
      : []),
    ...(user.trustDomain === undefined ? [trustDomainField(trustDomains)] : []),
    ...(user.istioVersion === undefined ? [VERSION] : []),
    DISCOVERY_SELECTORS,
    meshConfigField('serviceEntryVisibility'),
    CNI_EXCLUDES,
    DNS_CAPTURE,
    ...Object.keys(ISTIOD_FLAGS)
      .filter((name) => user.flags?.[name] === undefined)
      .map(flagField),
  ]
}

const VERSION: Field = {
  said: (source) => source.istioVersion,
  take: (source, { istioVersion }) => ({ ...source, istioVersion }),
}

const DISCOVERY_SELECTORS: Field = {
  ...meshConfigField('discoverySelectors'),
  said: discoverySelectorsOf,
  take: (source, from) => ({
    ...source,
    meshConfig: { ...source.meshConfig, discoverySelectors: discoverySelectorsOf(from) },
  }),
}

const CNI_EXCLUDES: Field = {
  said: (source) => source.cniExcludeNamespaces,
  take: (source, { cniExcludeNamespaces }) => ({ ...source, cniExcludeNamespaces }),
}

const DNS_CAPTURE: Field = {
  said: (source) => source.dnsCapture?.value,
  take: (source, { dnsCapture }) => ({ ...source, dnsCapture }),
}

function meshConfigField(name: keyof MeshConfig): Field {
  return {
    said: ({ meshConfig }) => meshConfig[name],
    take: (source, from) => ({
      ...source,
      meshConfig: { ...source.meshConfig, [name]: from.meshConfig[name] },
    }),
  }
}

function trustDomainField(possible: () => readonly string[]): Field {
  return {
    ...meshConfigField('trustDomain'),
    said: trustDomainOf,
    possible: (source) =>
      possible().map((trustDomain) => ({
        ...source,
        meshConfig: { ...source.meshConfig, trustDomain },
      })),
  }
}

function flagField(name: string): Field {
  const withFlag = (source: MeshConfigSource, value: string): MeshConfigSource => ({
    ...source,
    flags: { ...source.flags, [name]: value },
  })
  return {
    said: (source) => flagOf(source, name),
    take: (source, from) => withFlag(source, flagOf(from, name) ?? ''),
    possible: (source) => [withFlag(source, 'true'), withFlag(source, 'false')],
  }
}
