import {
  accessEffect,
  effectWithWords,
  type AccessEffect,
  type EffectOnTarget,
} from '../space/accessEffect.js'
import { requestsInWords, targetInWords } from '../space/accessInWords.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { InventoryChange } from '../inventory/inventory.js'
import { changesNoDefinition } from '../mesh/definitions.js'
import type { Finding } from '../rules/finding.js'
import type { Fix } from '../rules/fix.js'
import { getOrInsert } from '../text/collections.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import type { Analysis, FileChange } from './analysis.js'
import { ClosedMesh, closedMeshOf } from './closedMesh.js'
import { KnownEffects } from './knownEffects.js'
import type { FileEdit } from './renderEdits.js'

/** What a change of files does to the access, and whether it is surely safe. */
export interface FixProof extends AccessEffect {
  /** It opens nothing beyond the words of the edited policies, and every destination was compared. */
  readonly isClosed: boolean
}

/** Texts that replace those of files. */
export type NewTexts = readonly FileChange[]

const TRIALS = new WeakMap<Analysis, ClosedMesh>()

/** A second closed mesh of an analysis: changes are tried in it. */
export function trialMeshOf(analysis: Analysis): ClosedMesh {
  return getOrInsert(TRIALS, analysis, () => new ClosedMesh(analysis))
}

/**
 * Compares the access to all destinations before and after new texts, in the meshes of some analyses. The analyses are
 * the same afterwards.
 *
 * @param policies the policies whose words count.
 */
export function proveChange(
  analyses: readonly Analysis[],
  texts: NewTexts,
  policies: readonly AuthorizationPolicy[],
): FixProof {
  const effects = analyses.map((analysis) => {
    const visible = texts.filter(({ file }) => analysis.visibleFiles.has(file))
    const known = KnownEffects.of(analysis)
    const effect = known.get(visible)
    if (effect?.opens.length === 0) return effect
    const change = analysis.preview(visible)
    if (changesNoDefinition(change)) return NO_EFFECT
    const before = closedMeshOf(analysis)
    const edited = policies.map((policy) => before.resource(policy))
    return trialMeshOf(analysis).withChange(change, (after) => {
      if (effect) return effectWithWords(effect, { before: before.mesh, after, edited })
      // Several findings have the same fix for objects that are no policies, each with its own policy.
      if (changesPolicy(change)) return accessEffect(before.mesh, after, edited)
      const found = accessEffect(before.mesh, after, [])
      if (isAny(found)) known.set(visible, found)
      return effectWithWords(found, { before: before.mesh, after, edited })
    })
  })
  const opens = effects.flatMap((effect) => effect.opens)
  const notCompared = effects.flatMap((effect) => effect.notCompared)
  return {
    opens,
    allows: effects.flatMap((effect) => effect.allows),
    closes: effects.flatMap((effect) => effect.closes),
    notCompared,
    isClosed: opens.length === 0 && notCompared.length === 0,
  }
}

const NO_EFFECT: AccessEffect = { opens: [], allows: [], closes: [], notCompared: [] }

function isAny({ opens, allows, closes, notCompared }: AccessEffect): boolean {
  return [opens, allows, closes, notCompared].some(({ length }) => length > 0)
}

function changesPolicy({ removed, added }: InventoryChange): boolean {
  return [...removed, ...added].some(({ type }) => type === 'AuthorizationPolicy')
}

/** Proves a fix by its rendered edits. Undefined for a fix of the settings, which changes no object. */
export function proveFix(
  analyses: readonly Analysis[],
  { finding, fix }: { readonly finding: Finding; readonly fix: Fix },
  edits: readonly FileEdit[],
  textOf: (file: string) => string | undefined,
): FixProof | undefined {
  if (fix.edits.some(({ op }) => op === 'setting')) return undefined
  return proveChange(analyses, newTexts(edits, textOf), policiesOf(finding, fix))
}

/** The texts of files after edits. */
export function newTexts(
  edits: readonly FileEdit[],
  textOf: (file: string) => string | undefined,
): NewTexts {
  return edits.map(({ file, edits: changes }) => ({
    file,
    text: applyTextEdits(textOf(file) ?? '', changes),
  }))
}

/** The policies of a fix whose words count: those that it edits, and the subject of its finding. */
export function policiesOf({ place }: Finding, { edits }: Fix): readonly AuthorizationPolicy[] {
  const resources = edits.flatMap((edit) =>
    edit.op === 'setting' || edit.op === 'delete-lines'
      ? []
      : [edit.op === 'add' ? edit.after : edit.resource],
  )
  const subject = place.kind === 'field' ? [place.resource] : []
  return [...new Set([...resources, ...subject])].filter(
    (resource) => resource.type === 'AuthorizationPolicy',
  )
}

/**
 * A fix as its proof allows it: one that opens something is neither preferred nor safe, and its title says what it
 * opens. A rule that knows the effect has said so already: `…: clients that bypass it are then allowed`.
 */
export function provenFix(fix: Fix, proof: FixProof | undefined): Fix {
  if (!proof || proof.isClosed) return fix
  const words = openingInWords(proof)
  return {
    ...fix,
    title: words === undefined || fix.effect !== undefined ? fix.title : `${fix.title} (${words})`,
    preferred: false,
    safe: false,
  }
}

/** `opens: clients outside the mesh, to workload shop/cart port 8080`; undefined if nothing is opened. */
function openingInWords({ opens }: AccessEffect): string | undefined {
  const [first, ...others] = opens
  if (!first) return undefined
  return `opens: ${effectInWords(first)}${others.length > 0 ? `; ${others.length} more` : ''}`
}

/** `shop/web, to Service shop/api port 80: method DELETE`. */
export function effectInWords({ target, box }: EffectOnTarget): string {
  const requests = requestsInWords(box.requests)
  const clients = shortened(box.clients).join(', ')
  return `${clients}, to ${targetInWords(target)}${requests === 'all requests' ? '' : `: ${requests}`}`
}

const MOST_CLIENTS = 3

function shortened(clients: readonly string[]): readonly string[] {
  return clients.length <= MOST_CLIENTS
    ? clients
    : [...clients.slice(0, MOST_CLIENTS), `${clients.length - MOST_CLIENTS} more`]
}
