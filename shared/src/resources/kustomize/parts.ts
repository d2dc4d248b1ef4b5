import type { ForeignText, YamlEntry, YamlNode, YamlScalar } from '../../yaml/node.js'

/** What a kustomization gives every object. */
export interface KustomizeTransform {
  /** Two of equal keys give the same, and their values stand at the same place. */
  readonly key: string
  readonly namespace: string | undefined
  readonly namePrefix: string
  readonly nameSuffix: string
  readonly labels: readonly LabelSet[]
  readonly annotations: readonly YamlEntry[]
}

export interface LabelSet {
  readonly pairs: readonly YamlEntry[]
  readonly selectors: boolean
  readonly templates: boolean
}

/** A patch as the kustomization names it. */
export interface PatchEntry {
  /** `patchesJson6902` come after everything else. */
  readonly last: boolean
  /** The file; undefined where the patch is written in place. */
  readonly file: string | undefined
  readonly inline: InlineText | undefined
  readonly target: YamlNode | undefined
  /** It may change kinds or names. */
  readonly hasOptions: boolean
}

/** A scalar that holds a text, with the text around it. */
export interface InlineText {
  readonly scalar: YamlScalar
  readonly raw: string
  readonly foreign: ForeignText
}
