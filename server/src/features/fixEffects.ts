import {
  effectInWords,
  type AccessRequest,
  type EffectOnTarget,
  type FixProof,
  type RequestTarget,
} from '@istio-ambient-policy/shared'

/** Requests whose verdict a fix changes. */
interface FixEffect {
  readonly target: RequestTarget
  readonly clients: readonly string[]
  readonly requests: Readonly<Record<string, readonly string[]>>
  readonly witness: AccessRequest
}

/** The data of a code action: what its edit opens, allows as the edited policies say, and closes. */
export interface FixEffects {
  readonly opens: readonly FixEffect[]
  readonly allows: readonly FixEffect[]
  readonly closes: readonly FixEffect[]
  /** Why some destinations are not compared. */
  readonly notCompared: readonly string[]
}

export function effectData({ opens, allows, closes, notCompared }: FixProof): FixEffects {
  return {
    opens: opens.map(effectOf),
    allows: allows.map(effectOf),
    closes: closes.map(effectOf),
    notCompared: [...new Set(notCompared.map(({ reason }) => reason))],
  }
}

function effectOf({ target, box }: EffectOnTarget): FixEffect {
  return { target, clients: box.clients, requests: box.requests, witness: box.witness }
}

const MOST_LINES = 5

/** What a fix opens, for the annotation of its edits; undefined if it opens nothing. */
export function effectsInWords(proof: FixProof | undefined): string | undefined {
  if (!proof || proof.isClosed) return undefined
  const lines = proof.opens.map((each) => effectInWords(each))
  const shown = lines.slice(0, MOST_LINES)
  const left = lines.length - shown.length
  return [
    ...(shown.length > 0 ? [`Opens: ${shown.join('. ')}.`] : []),
    ...(left > 0 ? [`${left} more.`] : []),
    ...new Set(proof.notCompared.map(({ reason }) => `Not compared: ${reason}.`)),
  ].join(' ')
}
