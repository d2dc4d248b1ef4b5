import { KINDS, TARGET_KINDS } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'
import type { Suggestion } from './completion.js'
import { policyKind, type Draft } from './draft.js'
import * as known from './known.js'
import { isAt, ITEM } from '../yaml/pathPattern.js'

/** An object that a policy can target. */
export interface TargetSuggestion extends Suggestion {
  readonly target: { readonly kind: string; readonly group: string }
}

/** Whole items of `targetRefs`: the targets for a policy in this namespace. None at other paths. */
export function suggestTargets(draft: Draft, path: FieldPath): readonly TargetSuggestion[] {
  const kind = policyKind(draft)
  const hasTargets = kind !== undefined && kind !== 'PeerAuthentication'
  const isHere = isAt(path, ['spec', 'targetRefs']) || isAt(path, ['spec', 'targetRefs', ITEM])
  if (!hasTargets || !isHere) return []
  return TARGET_KINDS.flatMap((name) =>
    known
      .targets(draft.mesh, draft.namespace, name)
      .map((target) => ({ ...target, target: { kind: name, group: KINDS[name].group } })),
  )
}

/** The values of `kind`, `group` and `name` in an item of `targetRefs`. */
export function targetValues(draft: Draft, path: FieldPath): readonly Suggestion[] {
  const { document, root } = draft
  const item = [...root, ...path.slice(0, -1)]
  const kind = document.value(...item, 'kind')
  switch (path.at(-1)) {
    case 'kind':
      return kindValues(draft, document.value(...item, 'group'))
    case 'group':
      return groupValues(kind)
    case 'name':
      return nameValues(draft, kind)
    default:
      return []
  }
}

function kindValues({ mesh, namespace }: Draft, group: string | undefined): Suggestion[] {
  return TARGET_KINDS.filter((kind) => group === undefined || group === KINDS[kind].group).map(
    (value) => ({
      value,
      kind: 'enum',
      detail: `${known.targets(mesh, namespace, value).length} here`,
    }),
  )
}

function groupValues(kind: string | undefined): Suggestion[] {
  const wanted = TARGET_KINDS.filter((name) => name === kind)
  const groups = new Set(
    (wanted.length > 0 ? wanted : TARGET_KINDS).map((name) => KINDS[name].group),
  )
  return [...groups].map((value) => ({
    value,
    kind: 'enum',
    detail: TARGET_KINDS.filter((name) => KINDS[name].group === value).join(', '),
    isText: true,
  }))
}

function nameValues({ mesh, namespace }: Draft, kind: string | undefined): readonly Suggestion[] {
  return kind === undefined
    ? TARGET_KINDS.flatMap((name) => known.targets(mesh, namespace, name))
    : known.targets(mesh, namespace, kind)
}
