import type { MeshConfig, MeshConfigSource } from '../resources/meshConfig.js'
import { equal } from '../text/equal.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { MeshSettings } from './meshSettings.js'
import { ISTIOD_FLAGS } from './settings.js'

/** A setting as installs say it. */
interface Field {
  said(source: MeshConfigSource): unknown
  /** An install that says the setting, with what another one says. */
  take(source: MeshConfigSource, from: MeshConfigSource): MeshConfigSource
  /** What a value may be that another tool fills in. */
  possible?(source: MeshConfigSource): readonly MeshConfigSource[]
}

/** Installs that disagree: the settings of each choice are those of one of them, field by field, so that what they complete each other in is kept. */
export function installChoices(
  sources: readonly MeshConfigSource[],
  user: MeshSettings,
): readonly (readonly MeshConfigSource[])[] {
  const disputed = fieldsFor(user)
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

/** One install for each value that the field has in some. */
function waysOf(field: Field, sources: readonly MeshConfigSource[]): MeshConfigSource[] {
  const saying = sources.filter(
    (source) => field.said(source) !== undefined && field.said(source) !== '',
  )
  return saying
    .flatMap((source) =>
      field.possible && isOpen(field.said(source)) ? field.possible(source) : [source],
    )
    .reduce<MeshConfigSource[]>((ways, source) => {
      return ways.some((other) => equal(field.said(other), field.said(source)))
        ? ways
        : [...ways, source]
    }, [])
}

function isOpen(value: unknown): boolean {
  return typeof value === 'string' && isPlaceholder(value)
}

/** What the user says is not disputed. */
function fieldsFor(user: MeshSettings): Field[] {
  return [
    ...(user.rootNamespace === undefined ? [meshConfigField('rootNamespace')] : []),
    ...(user.trustDomain === undefined ? [meshConfigField('trustDomain')] : []),
    ...(user.istioVersion === undefined ? [VERSION] : []),
    meshConfigField('discoverySelectors'),
    meshConfigField('serviceEntryVisibility'),
    CNI_EXCLUDES,
    ...Object.keys(ISTIOD_FLAGS)
      .filter((name) => user.flags?.[name] === undefined)
      .map(flagField),
  ]
}

const VERSION: Field = {
  said: (source) => source.istioVersion,
  take: (source, { istioVersion }) => ({ ...source, istioVersion }),
}

const CNI_EXCLUDES: Field = {
  said: (source) => source.cniExcludeNamespaces,
  take: (source, { cniExcludeNamespaces }) => ({ ...source, cniExcludeNamespaces }),
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

function flagField(name: string): Field {
  const withFlag = (source: MeshConfigSource, value: string): MeshConfigSource => ({
    ...source,
    flags: { ...source.flags, [name]: value },
  })
  return {
    said: ({ flags }) => flags[name],
    take: (source, from) => withFlag(source, from.flags[name] ?? ''),
    possible: (source) => [withFlag(source, 'true'), withFlag(source, 'false')],
  }
}
